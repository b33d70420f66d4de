using System.Text;
using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Tests.Oracles;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class ContractAbiTests
{
    private const string Token =
        """
        [
          {"type":"constructor","inputs":[{"name":"supply","type":"uint256"}],"stateMutability":"nonpayable"},
          {"type":"function","name":"send","inputs":[{"name":"to","type":"address"}],"outputs":[{"name":"","type":"bool"}]},
          {"type":"function","name":"send","inputs":[{"name":"to","type":"address"},{"name":"data","type":"bytes"}],"outputs":[]},
          {"name":"orders","inputs":[{"name":"all","type":"tuple[2][]","components":[
            {"name":"id","type":"bytes32"},{"name":"legs","type":"tuple[]","components":[{"name":"amount","type":"int128"}]}]}]},
          {"type":"event","name":"Sent","inputs":[{"name":"to","type":"address","indexed":true},{"name":"data","type":"bytes"}]},
          {"type":"event","name":"Note","anonymous":true,"inputs":[{"name":"a","type":"uint256","indexed":true}]},
          {"type":"error","name":"NotEnough","inputs":[{"name":"left","type":"uint256"}]},
          {"type":"error","name":"NotEnough","inputs":[{"name":"remaining","type":"uint256"}]},
          {"type":"receive","stateMutability":"payable"},
          {"type":"fallback","stateMutability":"payable"}
        ]
        """;

    [Fact]
    public void declarations_are_found_by_name_or_where_that_is_overloaded_by_signature()
    {
        var abi = ContractAbi.Parse(Token);
        Assert.Equal("orders((bytes32,(int128)[])[2][])", abi.Function("orders").Signature);
        Assert.Equal("send(address)", abi.Function("send(address)").Signature);
        Assert.Equal("send(address,bytes)", abi.Function("send(address to, bytes memory data)").Signature);
        Assert.Equal("Sent(address,bytes)", abi.Event("Sent").Signature);
        Assert.Equal(["left"], abi.Error("NotEnough").Parameters.Select(parameter => parameter.Name));
        Assert.Equal((3, 2, 1), (abi.Functions.Count, abi.Events.Count, abi.Errors.Count));
        var several = Assert.Throws<AbiException>(() => abi.Function("send"));
        Assert.Equal("The contract has several: send(address), send(address,bytes).", several.Message);
        Assert.Throws<AbiException>(() => abi.Function("send(uint256)"));
        Assert.Throws<AbiException>(() => abi.Event("send"));
        Assert.Throws<AbiException>(() => abi.Error("NotEnough("));
    }

    [Fact]
    public void the_constructor_encodes_its_arguments_without_a_selector()
    {
        var abi = ContractAbi.Parse(Token);
        Assert.Equal("supply", Assert.Single(abi.ConstructorInputs).Name);
        Assert.Equal(AbiValue.Words("7"), abi.EncodeConstructor(7));
        Assert.Empty(ContractAbi.Parse("[]").EncodeConstructor());
        Assert.Throws<AbiException>(() => ContractAbi.Parse("[]").EncodeConstructor(7));
    }

    [Fact]
    public void an_anonymous_event_is_known_by_its_number_of_topics()
    {
        var note = ContractAbi.Parse(Token).Event("Note");
        Assert.True(note.IsAnonymous);
        Assert.Equal(1, note.TopicCount);
        Assert.True(note.TryDecode(Log(Hash32.Parse("0x" + new string('0', 63) + "5")), out var values));
        Assert.Equal([(UInt256)5UL], values);
        Assert.False(note.TryDecode(Log(note.Topic0, Hash32.Zero), out _));
        Assert.Equal(4, AbiEvent.Parse("event E(bool indexed a, bool indexed b, bool indexed c, bool indexed d) anonymous").TopicCount);
        Assert.Throws<AbiException>(() => AbiEvent.Parse(
            "event E(bool indexed a, bool indexed b, bool indexed c, bool indexed d, bool indexed e) anonymous"));
    }

    [Fact]
    public void an_external_function_is_a_value_of_24_bytes()
    {
        var call = ContractAbi.Parse("""[{"name":"call","inputs":[{"name":"f","type":"function"}],"outputs":[]}]""").Function("call");
        Assert.Equal("call(function)", call.Signature);
        Assert.Equal([new byte[24]], call.DecodeInput(call.Encode(new byte[24])));
        Assert.Throws<AbiException>(() => call.Encode(new byte[23]));
    }

    [Fact]
    public void json_says_what_solidity_says()
    {
        for (var seed = 0; seed < 1_000; seed++)
        {
            var contract = ContractDraw.Contract(new Random(seed));
            var abi = ContractAbi.Parse(ContractDraw.Json(contract));
            foreach (var one in contract)
            {
                switch (one.Kind)
                {
                    case "function":
                        Same(AbiFunction.Parse(one.Solidity).Inputs, abi.Function(one.Signature).Inputs);
                        Same(AbiFunction.Parse(one.Solidity).Outputs, abi.Function(one.Signature).Outputs);
                        break;
                    case "event":
                        var (said, read) = (AbiEvent.Parse(one.Solidity), abi.Event(one.Signature));
                        Same(said.Parameters, read.Parameters);
                        Assert.Equal((said.IsAnonymous, said.TopicCount), (read.IsAnonymous, read.TopicCount));
                        break;
                    default:
                        Same(AbiError.Parse(one.Solidity).Parameters, abi.Error(one.Signature).Parameters);
                        break;
                }
            }
        }
    }

    public static TheoryData<string, string> Hostile() => new()
    {
        { "nothing", "" },
        { "no JSON", "[" },
        { "an artefact around the list", """{"abi":[]}""" },
        { "a list of lists", "[[]]" },
        { "a list of nothing", "[null]" },
        { "an unknown type of declaration", """[{"type":"struct","name":"f","inputs":[]}]""" },
        { "a type of declaration that is no text", """[{"type":1,"name":"f","inputs":[]}]""" },
        { "a member twice", """[{"name":"f","name":"g","inputs":[]}]""" },
        { "no name", """[{"type":"function","inputs":[]}]""" },
        { "an empty name", """[{"name":"","inputs":[]}]""" },
        { "a name of null", """[{"name":null,"inputs":[]}]""" },
        { "a name that brings its own parameters", """[{"name":"f(address)","inputs":[]}]""" },
        { "a name that looks like another", """[{"name":"trаnsfer","inputs":[]}]""" },
        { "a name that begins with a digit", """[{"name":"1f","inputs":[]}]""" },
        { "half of a surrogate pair as the name", """[{"name":"\ud800","inputs":[]}]""" },
        { "no inputs", """[{"name":"f"}]""" },
        { "inputs that are no list", """[{"name":"f","inputs":{}}]""" },
        { "two constructors", """[{"type":"constructor","inputs":[]},{"type":"constructor","inputs":[]}]""" },
        { "a parameter without a type", """[{"name":"f","inputs":[{"name":"a"}]}]""" },
        { "a parameter's name that is none", """[{"name":"f","inputs":[{"name":"a b","type":"bool"}]}]""" },
        { "a type that is none", Input("uint7") },
        { "a type of user code", Input("enum Lib.E") },
        { "an alias of a type", Input("uint") },
        { "a type with a space", Input("uint256 ") },
        { "a type that brings its own name", Input("uint256,address") },
        { "a tuple as Solidity writes it", Input("(uint256)") },
        { "a payable address", Input("address payable") },
        { "a leading zero in brackets", Input("bool[02]") },
        { "an array without elements", Input("bool[0]") },
        { "an array that is too large", Input("uint256[65535][65535]") },
        { "an array without an end", Input("bool[") },
        { "a tuple without components", Input("tuple") },
        { "a tuple with no component", """[{"name":"f","inputs":[{"type":"tuple","components":[]}]}]""" },
        { "a tuple with a space", """[{"name":"f","inputs":[{"type":"tuple []","components":[{"type":"bool"}]}]}]""" },
        { "a tuple of another name", """[{"name":"f","inputs":[{"type":"tuples","components":[{"type":"bool"}]}]}]""" },
        { "indexed that is no yes or no", """[{"type":"event","name":"E","inputs":[{"type":"bool","indexed":1}]}]""" },
        { "more indexed parameters than topics", $$"""[{"type":"event","name":"E","inputs":[{{Repeated(4)}}]}]""" },
        { "anonymous that is no yes or no", """[{"type":"event","name":"E","anonymous":"no","inputs":[]}]""" },
        { "nesting of tuples without end", Nested(100_000) },
        { "one level more than is read", Nested(17) },
        { "nesting of arrays without end", Input("bool" + new StringBuilder().Insert(0, "[]", 100_000)) },
        { "more than may be read", "[" + new string(' ', 5_000_000) + "]" },
    };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Hostile))]
    public void what_is_no_abi_is_refused(string what, string json)
    {
        var refusal = Record.Exception(() => ContractAbi.Parse(json));
        Assert.True(refusal is AbiException, $"{what}: {refusal}");
        Assert.InRange(refusal.Message.Length, 1, 501);
    }

    [Fact]
    public void sixteen_levels_are_read() =>
        Assert.Equal("f" + new string('(', 16) + "bool" + new string(')', 16), ContractAbi.Parse(Nested(16)).Function("f").Signature);

    private static string Input(string type) => $$"""[{"name":"f","inputs":[{"name":"a","type":"{{type}}"}]}]""";

    private static string Repeated(int count) => string.Join(',', Enumerable.Repeat("""{"type":"bool","indexed":true}""", count));

    /// <summary>A parameter at the given level, where the function's own are at the first.</summary>
    private static string Nested(int level) => """[{"name":"f","inputs":["""
        + string.Concat(Enumerable.Repeat("""{"type":"tuple","components":[""", level - 1))
        + """{"type":"bool"}"""
        + string.Concat(Enumerable.Repeat("]}", level - 1))
        + "]}]";

    private static void Same(IReadOnlyList<AbiParameter> expected, IReadOnlyList<AbiParameter> actual) => Assert.Equal(
        expected.Select(one => (one.Name, one.Type.Name, one.Indexed)), actual.Select(one => (one.Name, one.Type.Name, one.Indexed)));

    private static RpcLog Log(params Hash32[] topics) => new(Address.Zero, topics, [], 1, Hash32.Zero, Hash32.Zero, 0, 0);
}
