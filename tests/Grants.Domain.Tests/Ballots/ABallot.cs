using Grants.Domain.Ballots;
using Grants.Domain.Tests.Programs;
using Grants.Domain.Tests.Proposals;
using Grants.Primitives;

namespace Grants.Domain.Tests.Ballots;

/// <summary>Ada's ballot for the proposal, and records of others like it.</summary>
internal static class ABallot
{
    public static readonly VotingWindow Window = new(
        AProgram.Space, AProposal.Id, AProposal.Content.Hash(), AProgram.Rules, AProposal.OpensAt, AProposal.ClosesAt);

    public static readonly SignedBallot ForIt = new(
        AProgram.Space,
        AProposal.Id,
        AProposal.Content.Hash(),
        AProgram.Ada,
        "1",
        1,
        AProposal.OpensAt.AddDays(1).ToUnixTimeSeconds(),
        "They build.");

    public static BallotRecord Record(int voter, string choice, UInt256 power, UInt256 nonce, long index = 0) => new(
        index,
        ForIt with { Voter = AProgram.Named($"voter {voter}"), Choice = choice, Nonce = nonce },
        power,
        "0x5e",
        SignatureKind.Ecdsa,
        Keccak256.Hash($"digest {index}"),
        AProposal.OpensAt);
}
