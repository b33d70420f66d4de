using Grants.Domain.Governors;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;

namespace Grants.Domain.Tests.Governors;

/// <summary>A governor that counts blocks, with OpenZeppelin's timelock, and one proposal on it.</summary>
internal static class AGovernor
{
    public const long ChainId = AProgram.ChainId;

    /// <summary>The proposal's snapshot and deadline, in blocks.</summary>
    public const long Snapshot = 110;

    public const long Deadline = 150;

    public static readonly Address Contract = AProgram.Named("governor");

    public static readonly Address Token = AProgram.Named("votes token");

    public static readonly Address Timelock = AProgram.Named("timelock");

    public static readonly BlockRef ReadAt = Block(90);

    public static readonly GovernorReading Reading = new(
        ReadAt,
        "DAO",
        "mode=blocknumber&from=default",
        90,
        "support=bravo&quorum=for,abstain",
        Token,
        1_000,
        4,
        100,
        4,
        40,
        null,
        null,
        null,
        Timelock,
        86_400,
        null,
        null,
        1,
        40,
        10,
        5);

    public static readonly RegisterGovernor Register =
        new(ChainId, Contract, null, null, 80, Reading, AProgram.Manager, AProgram.At);

    public static readonly GovernorRegistered Registered = new(
        ChainId,
        Contract,
        "DAO",
        Token,
        GovernorClock.BlockNumber,
        new VoteCounting(VoteChoices.Bravo, AbstainCounts: true),
        TimelockKind.Controller,
        Timelock,
        0,
        4,
        100,
        null,
        new GovernorSettings(1, 40, 10, 5, 86_400),
        new KnownSupply(89, 1_000),
        80,
        ReadAt,
        AProgram.Manager,
        AProgram.At);

    public static readonly GovernorProposalKey Key = new(ChainId, Contract, 7);

    /// <summary>The operation by the salt of OpenZeppelin Contracts 5.x, and by that of 4.x.</summary>
    public static readonly Hash32 Operation = Keccak256.Hash("operation");

    public static readonly Hash32 OldOperation = Keccak256.Hash("operation of 4.x");

    public static readonly GovernorProposalCreated Created = new(
        Key,
        AProgram.Ada,
        [new GovernorCall(Token, 0, string.Empty, "0x1234")],
        "Pay Ada.",
        Keccak256.Hash("Pay Ada."),
        [Operation, OldOperation],
        Snapshot,
        Deadline,
        Log(109, 3),
        TimeOf(109));

    public static readonly SnapshotQuorum Needs = new(1_000, 4, 100, 40, null);

    /// <summary>A block; each is two seconds after the one before it.</summary>
    public static BlockRef Block(long number) =>
        new(number, Keccak256.Hash($"block {number}"), AProgram.At.ToUnixTimeSeconds() + (2 * number));

    /// <summary>A log; one transaction a block, unless another is named.</summary>
    public static EventKey Log(long block, int index = 0, string? transaction = null) =>
        new(ChainId, block, Block(block).Hash, Keccak256.Hash(transaction ?? $"transaction of {block}"), index);

    public static DateTimeOffset TimeOf(long block) => DateTimeOffset.FromUnixTimeSeconds(Block(block).TimestampSeconds);

    public static GovernorVoteCast Vote(long block, int support, ulong weight, string voter = "vera", int index = 0) => new(
        Key,
        AProgram.Named(voter),
        support,
        weight,
        new VoteCounting(VoteChoices.Bravo, true).Of(support, weight, []),
        false,
        string.Empty,
        Log(block, index));

    public static GovernorOperationChanged Changed(OperationState state, long block, Address? timelock = null, Hash32? operation = null) =>
        new(Key, timelock ?? Timelock, operation ?? Operation, state, Log(block), TimeOf(block));

    public static GovernorProposalQueued Queued(long block) =>
        new(Key, Block(block).TimestampSeconds + 86_400, Operation, Log(block, 1));

    /// <summary>Created, with its quorum, and enough votes for it.</summary>
    public static object[] Passed() => [Created, new GovernorQuorumFixed(Key, Needs), Vote(111, 1, 60), Vote(112, 0, 20, "viktor")];

    /// <summary>Passed, and in the timelock since block 155.</summary>
    public static object[] InTimelock() => [.. Passed(), Changed(OperationState.Pending, 155), Queued(155)];

    public static Governor Followed(params object[] events) =>
        events.Prepend(Registered).Aggregate((Governor?)null, Governor.Evolve)!;

    public static GovernorProposal Proposal(params object[] events) =>
        events.Aggregate((GovernorProposal?)null, GovernorProposal.Evolve)!;

    public static Spec<GovernorProposal> Given(params object[] events) => new Spec<GovernorProposal>(GovernorProposal.Evolve).Given(events);

    public static Spec<Governor> GivenGovernor(params object[] events) =>
        new Spec<Governor>(Governor.Evolve).Given([Registered, .. events]);
}
