using Grants.Domain.Ballots;
using Grants.Ethereum.TypedData;

namespace Grants.Service.Ballots;

/// <summary>The EIP-712 typed data of a ballot, as a wallet shows and signs it.</summary>
public static class BallotTypedData
{
    private static readonly Dictionary<string, IReadOnlyList<TypedDataField>> Types = new()
    {
        ["Ballot"] =
        [
            new("space", "string"),
            new("proposal", "bytes32"),
            new("proposalHash", "bytes32"),
            new("voter", "address"),
            new("choice", "string"),
            new("nonce", "uint256"),
            new("expiresAt", "uint64"),
            new("reason", "string"),
        ],
    };

    /// <summary>Domain <c>{name: "Grants", version: "1", chainId}</c>.</summary>
    public static TypedData Of(SignedBallot ballot, long chainId) => new(
        new TypedDataDomain("Grants", "1", chainId),
        "Ballot",
        Types,
        new Dictionary<string, object>
        {
            ["space"] = ballot.Space,
            ["proposal"] = ballot.Proposal,
            ["proposalHash"] = ballot.ProposalHash,
            ["voter"] = ballot.Voter,
            ["choice"] = ballot.Choice,
            ["nonce"] = ballot.Nonce,
            ["expiresAt"] = (Primitives.UInt256)ballot.ExpiresAt,
            ["reason"] = ballot.Reason,
        });
}
