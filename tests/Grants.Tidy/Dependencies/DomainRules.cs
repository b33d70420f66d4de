namespace Grants.Tidy.Dependencies;

/// <summary>The core decides: it waits for nothing, knows no clock, rounds by rule, and no feature of it knows another.</summary>
internal static class DomainRules
{
    private static readonly HashSet<string> FloatingPoint = ["System.Double", "System.Single", "System.Half"];

    private static readonly Dictionary<string, string> Types = new()
    {
        ["System.Threading.Tasks."] = "the shell waits, then passes the fact as an argument",
        ["System.Threading.Thread"] = "the shell waits, then passes the fact as an argument",
        ["System.TimeProvider"] = "take the time as an argument",
        ["System.Diagnostics.Stopwatch"] = "take the time as an argument",
        ["System.Random"] = "take the choice as an argument",
        ["System.Security.Cryptography.RandomNumberGenerator"] = "take the choice as an argument",
        ["System.IO."] = "the shell does input and output",
        ["System.Net."] = "the shell does input and output",
        ["System.Console"] = "the shell does input and output",
    };

    private static readonly Dictionary<string, string> Members = new()
    {
        ["System.DateTime.get_Now"] = "take the time as an argument",
        ["System.DateTime.get_UtcNow"] = "take the time as an argument",
        ["System.DateTime.get_Today"] = "take the time as an argument",
        ["System.DateTimeOffset.get_Now"] = "take the time as an argument",
        ["System.DateTimeOffset.get_UtcNow"] = "take the time as an argument",
        ["System.Guid.NewGuid"] = "take the identifier as an argument",
        ["System.Guid.CreateVersion7"] = "take the identifier as an argument",
        ["System.Environment.get_TickCount"] = "take the time as an argument",
        ["System.Environment.get_TickCount64"] = "take the time as an argument",
        ["System.Environment.GetEnvironmentVariable"] = "take the setting as an argument",
    };

    public static IEnumerable<string> Purity(IEnumerable<CompiledType> types) =>
        from type in types
        from named in type.Types.SelectMany(used => Types.Where(rule => Covers(rule.Key, used)).Select(rule => (used, rule.Value)))
            .Concat(type.Members.Where(Members.ContainsKey).Select(used => (used, Members[used])))
            .Concat(type.Declared.Where(FloatingPoint.Contains).Select(used => (used, "use integers and say how it rounds")))
        orderby type.Name, named.Item1
        select $"{type.Name} uses {named.Item1}: {named.Item2}.";

    /// <summary>A feature uses itself and the root. The root uses no feature.</summary>
    public static IEnumerable<string> Isolation(IReadOnlyList<Arrow> arrows) =>
        from arrow in arrows
        where arrow.To != Arrows.Root
        select $"{arrow.User} uses {arrow.Used}, and {arrow.From} may not know {arrow.To}: pass the fact as an argument, of a type of "
            + "Grants.Primitives or of the root of Grants.Domain.";

    public static IEnumerable<string> References(string assembly, IEnumerable<string> references, IReadOnlyList<string> allowed) =>
        from reference in references
        where reference != "System" && !reference.StartsWith("System.", StringComparison.Ordinal) && !allowed.Contains(reference)
        select $"{assembly} is compiled against {reference}: it may only use the framework and {string.Join(", ", allowed)}.";

    private static bool Covers(string rule, string type) =>
        rule.EndsWith('.') ? type.StartsWith(rule, StringComparison.Ordinal) : type == rule;
}
