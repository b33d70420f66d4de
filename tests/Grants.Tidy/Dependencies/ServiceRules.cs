namespace Grants.Tidy.Dependencies;

/// <summary>
/// The features of the shell use each other in one direction. The outermost types put all together: they may know every
/// feature, and no feature may know them.
/// </summary>
internal static class ServiceRules
{
    public const string Root = "Grants.Service";

    public static readonly IReadOnlySet<string> Outermost = new HashSet<string>(
        new[]
        {
            "GrantsService", "Api.ApiModule", "Api.GrantsSchema", "Api.GraphQLEndpoint", "Audit.AuditRun", "Audit.JournalRun",
            "Audit.ReconcileRun",
            "Demo.DemoRun",
            "Hosting.MartenSetup", "Hosting.ReadyCheck", "Hosting.ServiceApp", "Hosting.ServiceRun", "Hosting.WolverineSetup",
        }.Select(name => $"{Root}.{name}"));

    public static IReadOnlyList<Arrow> Between(IEnumerable<CompiledType> types, IReadOnlySet<string> outermost) =>
        Arrows.Between(types.Where(type => !outermost.Contains(type.Name)), Root);

    public static IEnumerable<string> Uses(IReadOnlyList<CompiledType> types, IReadOnlySet<string> outermost) =>
    [
        .. from type in types
           where !outermost.Contains(type.Name) && Arrows.FeatureOf(type.Name, Root) is not null
           from used in type.Types
           where outermost.Contains(used)
           select $"{type.Name} uses {used}, which puts all features together and may only be used by its like: move what is needed "
               + "to a type of its own.",
        .. from name in outermost
           where types.All(type => type.Name != name)
           select $"{name} is listed as outermost in {nameof(ServiceRules)} but does not exist: take it off the list.",
    ];

    /// <summary>The arrows for the approved file; all may use the root.</summary>
    public static string Listing(IEnumerable<Arrow> arrows) => string.Join(
        '\n', arrows.Where(arrow => arrow.To != Arrows.Root).Select(arrow => arrow.ToString()).Order(StringComparer.Ordinal));

    /// <summary>A sentence on one circle, or nothing.</summary>
    public static IEnumerable<string> Circles(IReadOnlyList<Arrow> arrows)
    {
        var circle = Arrows.Circle(arrows);
        if (circle.Count == 0)
            yield break;
        var closing = circle[^1];
        yield return $"The features run in a circle, {string.Join(" -> ", circle.Select(arrow => arrow.From))} -> {closing.To}, which "
            + $"{closing.User} closes by using {closing.Used}. Turn one arrow around: pass a value, or publish an event.\n"
            + string.Join('\n', circle.Select(arrow => $"    {arrow}: {arrow.User} uses {arrow.Used}"));
    }
}
