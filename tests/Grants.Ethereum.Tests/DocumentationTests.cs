using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Ethereum.JsonRpc;
using Xunit;

namespace Grants.Ethereum.Tests;

/// <summary>The compiler asks for a comment on every public member; here is what it does not ask for.</summary>
public sealed partial class DocumentationTests
{
    private static readonly Dictionary<string, XElement> Comments = XDocument
        .Load(Path.ChangeExtension(typeof(EthereumRpc).Assembly.Location, ".xml"))
        .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    /// <summary>A typed log is described by its event, of which it says so.</summary>
    private static readonly Type[] Types =
        [.. typeof(EthereumRpc).Assembly.GetExportedTypes().Where(type => !type.IsSubclassOf(typeof(ContractLog)))];

    /// <summary>What this library made up: no standard says how a chain is followed.</summary>
    private static readonly HashSet<string> OwnInventions =
    [
        "FollowerLimits", "KnownChain", "ChainUpdate", "BlocksAppended", "Reorged", "FinalizedAdvanced", "FinalityViolated",
        "FollowedBlock", "Emitted", "Removed", "Gap", "Final`1", "FinalityLevel",
    ];

    [Fact]
    public void every_comment_has_a_summary()
    {
        Assert.True(Comments.Count > 300, $"{Comments.Count} members");
        Assert.Empty(Comments.Where(member => Types.Any(type => member.Key[1..].StartsWith($":{Name(type)}", StringComparison.Ordinal))
                && member.Value.Element("inheritdoc") is null && Text(member.Value.Element("summary")).Length < 4)
            .Select(member => member.Key));
    }

    [Fact]
    public void every_part_of_a_record_is_described() => Assert.Empty(
        from type in Types
        where type.GetMethod("PrintMembers", Any) is not null
        from constructor in type.GetConstructors(Any)
        let parameters = constructor.GetParameters()
        where parameters.All(parameter => type.GetProperty(parameter.Name!)?.PropertyType == parameter.ParameterType)
        from parameter in parameters
        where Comments[$"T:{Name(type)}"].Elements("param").All(
            described => described.Attribute("name")!.Value != parameter.Name || Text(described).Length < 4)
        select $"{type.Name}.{parameter.Name}");

    [Fact]
    public void every_type_names_the_standard_or_the_source_that_it_follows() => Assert.Empty(
        from type in Types
        where !OwnInventions.Contains(type.Name) && !Source().IsMatch(Text(Comments[$"T:{Name(type)}"].Element("summary")))
        select type.FullName);

    [Fact]
    public void every_event_and_function_of_a_contract_is_described_for_itself() => Assert.Empty(
        from type in Types
        where type.Namespace!.Contains(".Contracts", StringComparison.Ordinal) && !type.IsEnum
        from field in type.GetFields(BindingFlags.Public | BindingFlags.Static)
        where Text(Comments[$"F:{Name(type)}.{field.Name}"].Element("summary")).Length < 12
        select $"{type.Name}.{field.Name}");

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private static string Text(XElement? element) => string.Concat((element?.DescendantNodes() ?? []).Select(node => node switch
    {
        XText text => text.Value,
        XElement reference => reference.Attribute("cref")?.Value ?? "",
        _ => "",
    })).Trim();

    [GeneratedRegex(
        @"EIP-\d|ERC-\d|RFC \d|SEC [12]|JSON-RPC|eth_|Yellow Paper|contract ABI|Solidity|Web3 Secret Storage|OpenTelemetry|Uniswap|Metis|"
        + "OpenZeppelin|Multicall3|github.com|WETH9|\\.sol|BouncyCastle")]
    private static partial Regex Source();
}
