namespace Grants.Tidy.Deployment;

/// <summary>The name of a container image.</summary>
public static class PinnedImage
{
    /// <summary>Whether it names a version: a tag that does not mean "the newest".</summary>
    public static bool IsPinned(string image) => Tag(image) is { } tag && tag.Any(char.IsDigit);

    /// <summary>What stands after the colon of the last part; null where nothing does.</summary>
    public static string? Tag(string image) => image[(image.LastIndexOf('/') + 1)..].Split(':') is [_, { Length: > 0 } tag] ? tag : null;
}
