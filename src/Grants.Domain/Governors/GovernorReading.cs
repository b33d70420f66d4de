using System.Globalization;
using Grants.Primitives;

namespace Grants.Domain.Governors;

// --- Rejections ---

public sealed record GovernorExists(Address Governor)
    : Rejection("GOVERNOR_EXISTS", $"{Governor} is followed already, on other terms.");

public sealed record ChainNotFollowed(long ChainId)
    : Rejection("CHAIN_NOT_FOLLOWED", $"This deployment does not follow chain {ChainId}.");

public sealed record NotAGovernor(Address Governor, string Missing)
    : Rejection("NOT_A_GOVERNOR", $"{Governor} is no governor that can be followed: it does not answer {Missing}.");

public sealed record ClockUnknown(string Mode)
    : Rejection("CLOCK_UNKNOWN", $"The governor counts time by “{Mode}”; only its own chain's blocks and seconds are understood.");

public sealed record ClockDiffers(string Mode, long Clock, BlockRef Block) : Rejection(
    "CLOCK_DIFFERS",
    $"The governor says “{Mode}” but shows {Clock} in block {Block.Number} of second {Block.TimestampSeconds}.");

public sealed record CountingUnknown(string Mode)
    : Rejection("COUNTING_UNKNOWN", $"The governor counts votes by “{Mode}”, which is not understood.");

public sealed record VotesTokenDiffers(Address Token, Address Named)
    : Rejection("VOTES_TOKEN_DIFFERS", $"The governor's token is {Token}, not {Named}.");

public sealed record TimelockDiffers(Address Timelock, Address Named)
    : Rejection("TIMELOCK_DIFFERS", $"The governor's timelock is {Timelock}, not {Named}.");

public sealed record TimelockUnknown(Address Timelock)
    : Rejection("TIMELOCK_UNKNOWN", $"{Timelock} is neither OpenZeppelin's TimelockController nor a timelock of Compound's kind.");

public sealed record QuorumUnknown(string Why)
    : Rejection("QUORUM_UNKNOWN", $"The governor's quorum is no share of its token's supply: {Why}.");

/// <summary>What a governor, its token and its timelock answer in one final block. Null is no answer, or one of another shape.</summary>
/// <param name="Supply">The token's at the end of the timepoint before <paramref name="Clock"/>, base units.</param>
/// <param name="PastNumerator">The quorum's share of it at that timepoint.</param>
/// <param name="Quorum">The governor's for a snapshot at that timepoint.</param>
/// <param name="PastSuperNumerator">Likewise of the super quorum.</param>
/// <param name="SuperQuorum">Likewise.</param>
/// <param name="Timelock">Whom the governor names; null where it has no such function.</param>
/// <param name="TimelockDelaySeconds">Of a TimelockController.</param>
/// <param name="GracePeriodSeconds">Of a timelock of Compound's kind.</param>
/// <param name="AccessManager">Delays each function on its own (GovernorTimelockAccess), instead of a timelock.</param>
public sealed record GovernorReading(
    BlockRef Block,
    string? Name,
    string? ClockMode,
    long? Clock,
    string? CountingMode,
    Address? Token,
    UInt256? Supply,
    UInt256? QuorumNumerator,
    UInt256? QuorumDenominator,
    UInt256? PastNumerator,
    UInt256? Quorum,
    UInt256? SuperQuorumNumerator,
    UInt256? PastSuperNumerator,
    UInt256? SuperQuorum,
    Address? Timelock,
    UInt256? TimelockDelaySeconds,
    long? GracePeriodSeconds,
    Address? AccessManager,
    UInt256? VotingDelay,
    UInt256? VotingPeriod,
    UInt256? ProposalThreshold,
    UInt256? LateQuorumExtension)
{
    /// <summary>Why the governor cannot be followed exactly, or null.</summary>
    internal Rejection? Refuse(RegisterGovernor command)
    {
        if ((CountingMode is null ? "COUNTING_MODE()" : VotingDelay is null ? "votingDelay()" : VotingPeriod is null ? "votingPeriod()"
            : Token is null ? "token()" : null) is { } missing)
            return new NotAGovernor(command.Governor, missing);
        if (GovernorClocks.Parse(ClockMode) is not { } clock)
            return new ClockUnknown(ClockMode!);
        if (Clock is { } shown && shown != clock.At(Block))
            return new ClockDiffers(ClockMode ?? "blocks", shown, Block);
        if (VoteCounting.Parse(CountingMode!) is null)
            return new CountingUnknown(CountingMode!);
        if (command.Token is { } token && token != Token)
            return new VotesTokenDiffers(Token!.Value, token);
        return RefuseTimelock(command.Timelock) ?? RefuseQuorum();
    }

    /// <summary>The event of a registration that nothing stands against.</summary>
    internal GovernorRegistered Registered(RegisterGovernor command)
    {
        var clock = GovernorClocks.Parse(ClockMode)!.Value;
        return new GovernorRegistered(
            command.ChainId,
            command.Governor,
            Name ?? string.Empty,
            Token!.Value,
            clock,
            VoteCounting.Parse(CountingMode!)!,
            Timelock is null or { IsZero: true } ? TimelockKind.None
                : TimelockDelaySeconds is not null ? TimelockKind.Controller
                : TimelockKind.Compound,
            Timelock ?? Address.Zero,
            GracePeriodSeconds ?? 0,
            QuorumNumerator!.Value,
            QuorumDenominator!.Value,
            SuperQuorumNumerator,
            new GovernorSettings(
                VotingDelay!.Value,
                VotingPeriod!.Value,
                ProposalThreshold ?? UInt256.Zero,
                LateQuorumExtension ?? UInt256.Zero,
                TimelockDelaySeconds ?? UInt256.Zero),
            new KnownSupply(clock.At(Block) - 1, Supply!.Value),
            command.FromBlock,
            Block,
            command.Actor,
            command.At);
    }

    private Rejection? RefuseTimelock(Address? named)
    {
        if (AccessManager is { } manager)
            return new TimelockUnknown(manager);
        var timelock = Timelock ?? Address.Zero;
        if (named is { } said && said != timelock)
            return new TimelockDiffers(timelock, said);
        return !timelock.IsZero && TimelockDelaySeconds is null && GracePeriodSeconds is null ? new TimelockUnknown(timelock) : null;
    }

    // What the contract answers for one timepoint is held against the formula: a governor that computes its quorum otherwise
    // (a fixed one, or without the treasury's tokens) is found out here.
    private QuorumUnknown? RefuseQuorum()
    {
        if (QuorumNumerator is null || QuorumDenominator is null || Quorum is null)
            return new QuorumUnknown("it does not answer quorumNumerator(), quorumDenominator() and quorum()");
        if (PastNumerator is null)
            return new QuorumUnknown("it keeps no history of its share, so that a change concerns votes of the past");
        if (Supply is null)
            return new QuorumUnknown("the token does not answer getPastTotalSupply()");
        if (QuorumDenominator.Value.IsZero)
            return new QuorumUnknown("its denominator is zero");
        if (SuperQuorum is null != SuperQuorumNumerator is null || SuperQuorum is null != PastSuperNumerator is null)
            return new QuorumUnknown("its super quorum is none");
        var computed = SnapshotQuorum.Of(Supply.Value, PastNumerator.Value, QuorumDenominator.Value, PastSuperNumerator);
        return computed.Needed == Quorum && computed.SuperNeeded == SuperQuorum
            ? null
            : new QuorumUnknown(string.Create(
                CultureInfo.InvariantCulture, $"it answers {Quorum} and {computed.Needed} is computed, of {Supply} base units"));
    }
}
