using System.Text.Json.Nodes;
using Grants.Ethereum.Abi;

namespace Grants.Ethereum.Tests.Oracles;

/// <summary>Contracts at random, as Solidity declares them and as compilers describe them in JSON.</summary>
internal static class ContractDraw
{
    private const int MostDeclarations = 6;
    private const int MostTopics = 4;

    /// <summary>Functions, events and errors whose names are overloaded now and then.</summary>
    public static Declared[] Contract(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(1, MostDeclarations + 1))
            .Select(_ => Declaration(random, random.Pick("function", "event", "error")))
            .DistinctBy(one => (one.Kind, one.Signature)),
    ];

    public static (Declared Function, object[] Values) Call(Random random)
    {
        var (types, values) = AbiDraw.Case(random);
        return (new Declared("function", "f", [.. types.Select(type => Parameter(random, type))], [], false), values);
    }

    public static string Json(IEnumerable<Declared> contract) => new JsonArray([.. contract.Select(one => one.Json())]).ToJsonString();

    private static Declared Declaration(Random random, string kind)
    {
        var isAnonymous = kind == "event" && random.Chance(4);
        var indexed = kind == "event" ? random.Next(isAnonymous ? MostTopics + 1 : MostTopics) : 0;
        AbiParameter[] inputs = [.. AbiDraw.Case(random).Types.Select(type => Parameter(random, type) with { Indexed = indexed-- > 0 })];
        AbiParameter[] outputs = kind == "function" ? [.. AbiDraw.Case(random).Types.Select(type => Parameter(random, type))] : [];
        return new Declared(kind, random.Pick("f", "transfer", "_$1", "Released"), inputs, outputs, isAnonymous);
    }

    private static AbiParameter Parameter(Random random, AbiType type) => new(random.Pick("", "a", "value", "$x_1"), type);

    internal sealed record Declared(string Kind, string Name, AbiParameter[] Inputs, AbiParameter[] Outputs, bool IsAnonymous)
    {
        public string Signature => $"{Name}({string.Join(',', Inputs.Select(input => input.Type.Name))})";

        public string Solidity => $"{Kind} {Name}({List(Inputs)})"
            + (Outputs.Length > 0 ? $" view returns ({List(Outputs)})" : "")
            + (IsAnonymous ? " anonymous" : "");

        public JsonObject Json()
        {
            var json = new JsonObject { ["type"] = Kind, ["name"] = Name, ["inputs"] = Described(Inputs, Kind == "event") };
            if (Kind == "function")
                (json["outputs"], json["stateMutability"]) = (Described(Outputs, isEvent: false), "view");
            if (Kind == "event")
                json["anonymous"] = IsAnonymous;
            return json;
        }

        private static string List(IEnumerable<AbiParameter> parameters) => string.Join(
            ", ", parameters.Select(one => $"{one.Type.Name}{(one.Indexed ? " indexed" : "")} {one.Name}".TrimEnd()));

        private static JsonArray Described(IEnumerable<AbiParameter> parameters, bool isEvent) => new([.. parameters.Select(one =>
        {
            var json = Described(one.Name, one.Type);
            if (isEvent)
                json["indexed"] = one.Indexed;
            return json;
        })]);

        /// <summary>Arrays of tuples are written from the inside out: <c>tuple[2][]</c>.</summary>
        private static JsonObject Described(string name, AbiType type)
        {
            var (innermost, suffix) = (type, "");
            for (; innermost.Kind == AbiKind.Array; innermost = innermost.Element!)
                suffix = innermost.Name[innermost.Element!.Name.Length..] + suffix;
            var json = new JsonObject { ["name"] = name, ["internalType"] = "struct Lib.S", ["type"] = type.Name };
            if (innermost.Kind == AbiKind.Tuple)
            {
                json["type"] = "tuple" + suffix;
                json["components"] = new JsonArray([.. innermost.Components.Select(one => Described(one.Name, one.Type))]);
            }

            return json;
        }
    }
}
