namespace Grants.Service;

/// <summary>What is of a space has an address in it; the default space's has a short one as well.</summary>
public static class SpaceRoutes
{
    private const string Parameter = "space";

    /// <summary>What such addresses begin with.</summary>
    public static readonly string[] Prefixes = ["", $"/spaces/{{{Parameter}}}"];

    /// <summary>The space of the request's address; null where there is no such space.</summary>
    public static Space? Space(this HttpContext http)
    {
        var spaces = http.RequestServices.GetRequiredService<Spaces>();
        return http.GetRouteValue(Parameter) is string id ? spaces.Find(id) : spaces.Default;
    }
}
