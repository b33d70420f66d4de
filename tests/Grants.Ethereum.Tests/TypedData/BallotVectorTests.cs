using Grants.Ethereum.Signing;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

/// <summary>Ballots that two other implementations hashed and signed alike.</summary>
public sealed class BallotVectorTests
{
    [Fact]
    public void ballots_are_hashed_signed_and_recovered_alike()
    {
        var file = VectorFile.Read("Vectors/ballot-typed-data.json");
        var types = new Dictionary<string, IReadOnlyList<TypedDataField>>
        {
            ["Ballot"] = [.. file.GetProperty("types").GetProperty("Ballot").EnumerateArray()
                .Select(field => new TypedDataField(field.Text("name"), field.Text("type")))],
        };
        foreach (var vector in VectorFile.Cases("ballot-typed-data.json"))
        {
            var (domain, message) = (vector.GetProperty("domain"), vector.GetProperty("message"));
            var ballot = new TypedData.TypedData(
                new TypedDataDomain(domain.Text("name"), domain.Text("version"), domain.GetProperty("chainId").GetInt64()),
                "Ballot",
                types,
                new Dictionary<string, object>
                {
                    ["space"] = message.Text("space"),
                    ["proposal"] = Hash32.Parse(message.Text("proposal")),
                    ["proposalHash"] = Hash32.Parse(message.Text("proposalHash")),
                    ["voter"] = Address.Parse(message.Text("voter")),
                    ["choice"] = message.Text("choice"),
                    ["nonce"] = UInt256.Parse(message.Text("nonce")),
                    ["expiresAt"] = UInt256.Parse(message.Text("expiresAt")),
                    ["reason"] = message.Text("reason"),
                });
            Assert.Equal(file.Text("encodeType"), ballot.EncodeType());
            Assert.Equal(vector.Text("structHash"), ballot.StructHash.ToString());
            Assert.Equal(vector.Text("digest"), ballot.Digest().ToString());
            Assert.Equal(vector.Text("digest"), TypedData.TypedData.FromJson(ballot.ToJson()).Digest().ToString());

            var key = PrivateKey.Parse(vector.Text("privateKey"));
            Assert.Equal(message.Text("voter"), key.Address.ToString());
            var signature = key.Sign(ballot.Digest());
            Assert.Equal(vector.Text("signature"), signature.ToString());
            Assert.Equal(signature, Signature.Parse(vector.Text("signature")));
            Assert.True(Secp256k1.TryRecover(ballot.Digest(), signature, out var signer));
            Assert.Equal(key.Address, signer);
        }
    }
}
