using Grants.Ethereum.Abi;
using Grants.Ethereum.TypedData;

namespace Grants.Ethereum.Tests.Oracles;

/// <summary>Messages of EIP-712 at random: struct types that use each other, in arrays too.</summary>
internal sealed class TypedDataDraw
{
    private static readonly string[] Names = ["Order", "Asset", "Zone", "_private", "Wallet9", "a", "Aa", "Batch"];

    private readonly Random random;
    private readonly Dictionary<string, IReadOnlyList<TypedDataField>> types = [];
    private readonly string[] names;
    private readonly bool recursive;

    private TypedDataDraw(Random random, bool recursive)
    {
        this.random = random;
        this.recursive = recursive;
        names = [.. Names];
        random.Shuffle(names);
    }

    public static TypedData.TypedData Tree(Random random) => new TypedDataDraw(random, recursive: false).Draw();

    /// <summary>The primary type has a member of its own type, which ethers does not allow.</summary>
    public static TypedData.TypedData Recursive(Random random) => new TypedDataDraw(random, recursive: true).Draw();

    private TypedData.TypedData Draw()
    {
        Describe(0);
        var domain = new TypedDataDomain(
            random.Chance(5) ? null : random.Text(),
            random.Chance(5) ? null : random.Text(5),
            random.Chance(5) ? null : random.Long(63),
            random.Chance(3) ? null : random.Account());
        return new TypedData.TypedData(domain, names[0], types, Struct(names[0]));
    }

    /// <summary>Describes a type, and those that follow it in <see cref="names"/> where it uses them.</summary>
    private void Describe(int index)
    {
        if (types.ContainsKey(names[index]))
            return;
        var fields = Enumerable.Range(0, random.Next(1, 6)).Select(i => new TypedDataField(Name(i), Type(index))).ToList();
        if (recursive && index == 0)
            fields.Add(new TypedDataField("nested", $"{names[0]}[]"));
        types[names[index]] = fields;
    }

    private string Name(int index) => random.Pick("value", "to", "_x", "A", "$") + index;

    private string Type(int index)
    {
        var used = random.Next(index + 1, names.Length + 4);
        var name = AbiDraw.Atom(random);
        if (used < names.Length && used > index)
        {
            Describe(used);
            name = names[used];
        }

        for (var i = random.Next(6); i > 3; i--)
            name += random.Chance(2) ? "[]" : $"[{random.Next(1, 4)}]";
        return name;
    }

    private Dictionary<string, object> Struct(string name) =>
        types[name].ToDictionary(field => field.Name, field => Value(field.Type));

    private object Value(string type)
    {
        var open = type.LastIndexOf('[');
        if (open < 0)
            return types.ContainsKey(type) ? Struct(type) : AbiDraw.Value(random, AbiType.Parse(type));
        var count = type.EndsWith("[]", StringComparison.Ordinal) ? random.Next(type[..open] == names[0] ? 2 : 4) : type[open + 1] - '0';
        return Enumerable.Range(0, count).Select(_ => Value(type[..open])).ToArray();
    }
}
