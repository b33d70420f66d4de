namespace Grants.Tidy.Dependencies;

/// <summary>One type uses another of another feature.</summary>
internal sealed record Arrow(string From, string To, string User, string Used)
{
    public override string ToString() => $"{From} -> {To}";
}

/// <summary>The arrows between the features of an assembly. A feature is a namespace right below the root.</summary>
internal static class Arrows
{
    /// <summary>The name of the root, where types live that all features may use.</summary>
    public const string Root = "(root)";

    /// <summary>One arrow for each pair of features, with the first pair of types that makes it.</summary>
    public static IReadOnlyList<Arrow> Between(IEnumerable<CompiledType> types, string root) =>
    [
        .. from type in types
           let feature = FeatureOf(type.Name, root)
           where feature is not null
           from used in type.Types
           let other = FeatureOf(used, root)
           where other is not null && other != feature
           orderby feature, other, type.Name, used
           group new Arrow(feature, other, type.Name, used) by (feature, other) into pair
           select pair.First(),
    ];

    /// <summary>The arrows of one circle, the last of which leads back to the start; empty when there is none.</summary>
    public static IReadOnlyList<Arrow> Circle(IReadOnlyCollection<Arrow> arrows)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<Arrow>();
        return arrows.Select(arrow => arrow.From).Distinct().Select(Visit).FirstOrDefault(circle => circle is not null) ?? [];

        List<Arrow>? Visit(string feature)
        {
            var start = path.FindIndex(arrow => arrow.From == feature);
            if (start >= 0)
                return path[start..];
            if (!done.Add(feature))
                return null;
            foreach (var arrow in arrows.Where(arrow => arrow.From == feature))
            {
                path.Add(arrow);
                if (Visit(arrow.To) is { } circle)
                    return circle;
                path.RemoveAt(path.Count - 1);
            }

            return null;
        }
    }

    internal static string? FeatureOf(string type, string root)
    {
        if (!type.StartsWith(root + ".", StringComparison.Ordinal))
            return null;
        var parts = type[(root.Length + 1)..].Split('.');
        return parts.Length == 1 ? Root : parts[0];
    }
}
