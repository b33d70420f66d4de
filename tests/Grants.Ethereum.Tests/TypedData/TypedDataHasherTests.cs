using CsCheck;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class TypedDataHasherTests
{
    private static readonly TypedDataDomain Domain = new("Grants", "1", 31_337);

    private static readonly TypedDataField[] Fields =
        [new("space", "string"), new("root", "bytes32"), new("size", "uint64"), new("signer", "address"), new("final", "bool")];

    private static readonly TypedDataHasher Hasher = new(Domain, "TreeHead", Fields);

    private static readonly Gen<Dictionary<string, object>> Messages = Gen.Select(Gen.String, Gen.ULong, Gen.Bool, (text, number, flag) =>
        new Dictionary<string, object>
        {
            ["space"] = text,
            ["root"] = Keccak256.Hash($"{number}"),
            ["size"] = (UInt256)number,
            ["signer"] = new Address(Keccak256.Hash($"{flag}{number}").ToBytes().AsSpan(12)),
            ["final"] = flag,
        });

    [Fact]
    public void a_digest_is_the_one_of_the_typed_data() => Messages.Where(IsText).ForAll(message => Assert.Equal(
        TypedData.TypedData.Of(
            Domain, "TreeHead", [.. Fields.Select(field => (field.Name, field.Type, message[field.Name]))]).Digest(),
        Hasher.Digest(message)));

    [Fact]
    public void the_domain_and_the_type_are_part_of_it()
    {
        var message = Messages.Where(IsText).Single();
        var digests = new[]
        {
            Hasher, new TypedDataHasher(Domain with { ChainId = 1 }, "TreeHead", Fields), new TypedDataHasher(Domain, "Head", Fields),
            new TypedDataHasher(Domain, "TreeHead", [.. Fields.Reverse()]),
        }.Select(hasher => hasher.Digest(message));
        Assert.Equal(4, digests.Distinct().Count());
    }

    [Fact]
    public void threads_do_not_disturb_each_other()
    {
        var hasher = new TypedDataHasher(Domain, "TreeHead", Fields);
        var messages = Messages.Where(IsText).Array[200].Single();
        var digests = messages.AsParallel().AsOrdered().WithDegreeOfParallelism(8).Select(hasher.Digest).ToArray();
        Assert.Equal(messages.Select(Hasher.Digest), digests);
    }

    [Fact]
    public void a_message_of_another_shape_is_refused()
    {
        var message = Messages.Where(IsText).Single();
        Assert.Throws<TypedDataException>(() => Hasher.Digest(message.Where(member => member.Key != "size").ToDictionary()));
        Assert.Throws<TypedDataException>(() => Hasher.Digest(new Dictionary<string, object>(message) { ["more"] = true }));
        Assert.Throws<TypedDataException>(() => Hasher.Digest(new Dictionary<string, object>(message) { ["size"] = "1" }));
        Assert.Throws<TypedDataException>(() => new TypedDataHasher(Domain, "TreeHead", [new("size", "uint65")]));
    }

    private static bool IsText(Dictionary<string, object> message) => !((string)message["space"]).Any(char.IsSurrogate);
}
