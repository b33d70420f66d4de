using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Grants.Tidy.Deployment;

/// <summary>A compose file as this repository writes it: the keys below, images with a tag, ports of the loopback.</summary>
public sealed partial class ComposeFile
{
    /// <summary>The keys that are used, by the path of their mapping; a star is a name that the file chooses.</summary>
    private static readonly Dictionary<string, string[]> Keys = new(StringComparer.Ordinal)
    {
        [""] = ["services", "secrets", "volumes"],
        ["services.*"] =
        [
            "build", "depends_on", "entrypoint", "environment", "healthcheck", "image", "ports", "restart", "secrets", "user", "volumes",
        ],
        ["services.*.build"] = ["context", "dockerfile"],
        ["services.*.depends_on.*"] = ["condition"],
        ["services.*.healthcheck"] = ["interval", "retries", "start_interval", "start_period", "test", "timeout"],
        ["services.*.secrets"] = ["gid", "mode", "source", "target", "uid"],
        ["secrets.*"] = ["environment", "file"],
        ["volumes.*"] = [],
    };

    private static readonly HashSet<string> OfAnyName =
        ["services", "secrets", "volumes", "services.*.depends_on", "services.*.environment"];

    private readonly YamlMappingNode root;

    private ComposeFile(YamlMappingNode root) => this.root = root;

    /// <exception cref="YamlException">It is not YAML, or a key stands twice.</exception>
    public static ComposeFile Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return new ComposeFile((YamlMappingNode)stream.Documents.Single().RootNode);
    }

    /// <summary>The environment of a service, with the defaults of what the file leaves to the caller.</summary>
    public IReadOnlyDictionary<string, string> Environment(string service) => Entries(Service(service), "environment")
        .ToDictionary(entry => entry.Key, entry => Substitution().Replace(Scalar(entry.Value), "${default}"), StringComparer.Ordinal);

    public IReadOnlyList<string> List(string service, string key) =>
        [.. Items(Service(service), key).OfType<YamlScalarNode>().Select(Scalar)];

    public string? Text(string service, string key) =>
        Service(service).Children.TryGetValue(key, out var value) && value is YamlScalarNode ? Scalar(value) : null;

    /// <summary>Where the secrets of a service are in its container.</summary>
    public IReadOnlyList<string> SecretFiles(string service) =>
        [.. Items(Service(service), "secrets").OfType<YamlMappingNode>().Select(secret => Scalar(secret.Children["target"]))];

    /// <summary>What is wrong with it, a sentence each.</summary>
    public IReadOnlyList<string> Problems() =>
        [.. UnknownKeys(root, "", ""), .. Services().SelectMany(service => ServiceProblems(service.Key, service.Value))];

    private static IEnumerable<string> UnknownKeys(YamlNode node, string path, string shown)
    {
        if (node is YamlSequenceNode sequence)
            return sequence.SelectMany(item => UnknownKeys(item, path, shown));
        if (node is not YamlMappingNode mapping)
            return [];
        return mapping.SelectMany(entry =>
        {
            var key = Scalar(entry.Key);
            var isFree = OfAnyName.Contains(path);
            if (!isFree && !Keys.GetValueOrDefault(path, []).Contains(key))
                return [$"{shown}{key} is no known key."];
            var below = isFree ? "*" : key;
            return UnknownKeys(entry.Value, path.Length == 0 ? below : $"{path}.{below}", $"{shown}{key}.");
        });
    }

    private IEnumerable<string> ServiceProblems(string name, YamlMappingNode service)
    {
        if (service.Children.TryGetValue("image", out var image) == service.Children.ContainsKey("build"))
            yield return $"{name} needs either an image or a build.";
        else if (image is not null && !PinnedImage.IsPinned(Scalar(image)))
            yield return $"The image {Scalar(image)} of {name} has no fixed tag.";
        foreach (var port in Items(service, "ports").Select(Scalar).Where(port => !LoopbackPort().IsMatch(port)))
            yield return $"The port {port} of {name} is not of the loopback.";
        foreach (var (other, wait) in Entries(service, "depends_on"))
        {
            if (Scalar(((YamlMappingNode)wait).Children["condition"]) != "service_healthy" || !HasHealthCheck(other))
                yield return $"{name} does not wait until {other} is healthy.";
        }

        var volumes = Items(service, "volumes").Select(item => Scalar(item).Split(':')[0]);
        foreach (var volume in volumes.Where(volume => !Declares("volumes", volume)))
            yield return $"The volume {volume} of {name} is not declared.";
        var secrets = Items(service, "secrets").Select(item => Scalar(item["source"]));
        foreach (var secret in secrets.Where(secret => !Declares("secrets", secret)))
            yield return $"The secret {secret} of {name} is not declared.";
    }

    private IEnumerable<KeyValuePair<string, YamlMappingNode>> Services() =>
        Entries(root, "services").Select(entry => KeyValuePair.Create(entry.Key, (YamlMappingNode)entry.Value));

    private YamlMappingNode Service(string name) => Services().Single(service => service.Key == name).Value;

    private bool HasHealthCheck(string name) =>
        Services().Any(service => service.Key == name && service.Value.Children.ContainsKey("healthcheck"));

    private bool Declares(string kind, string name) => Entries(root, kind).Any(entry => entry.Key == name);

    private static IEnumerable<KeyValuePair<string, YamlNode>> Entries(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value)
            ? ((YamlMappingNode)value).Select(entry => KeyValuePair.Create(Scalar(entry.Key), entry.Value))
            : [];

    private static IEnumerable<YamlNode> Items(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? (YamlSequenceNode)value : [];

    private static string Scalar(YamlNode node) => ((YamlScalarNode)node).Value ?? "";

    [GeneratedRegex(@"\$\{\w+(:-(?<default>[^}]*)|:\?[^}]*)?\}")]
    private static partial Regex Substitution();

    [GeneratedRegex(@"^127\.0\.0\.1:\d+:\d+$")]
    private static partial Regex LoopbackPort();
}
