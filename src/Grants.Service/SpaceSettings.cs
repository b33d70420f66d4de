namespace Grants.Service;

/// <summary>The spaces that this deployment serves.</summary>
public sealed class SpaceSettings
{
    /// <summary>The id of the space whose API has no space in its address.</summary>
    public string Space { get; set; } = "metis";

    /// <summary>All spaces, names by ids; the default one alone where empty.</summary>
    public IDictionary<string, string> Spaces { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
