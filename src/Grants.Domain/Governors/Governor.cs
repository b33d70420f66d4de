using Grants.Primitives;

namespace Grants.Domain.Governors;

// --- Commands ---

/// <summary>Follows a governor from a block on.</summary>
/// <param name="Token">The token whose votes count, as the manager says; null takes the contract's word.</param>
/// <param name="Timelock">The timelock, as the manager says; the zero address is none, null takes the contract's word.</param>
/// <param name="FromBlock">Where its logs begin to be read: at or before the first proposal of interest.</param>
/// <param name="Reading">What the contracts answer in a final block.</param>
public sealed record RegisterGovernor(
    long ChainId,
    Address Governor,
    Address? Token,
    Address? Timelock,
    long FromBlock,
    GovernorReading Reading,
    Address Actor,
    DateTimeOffset At);

/// <summary>The governor changed its timelock.</summary>
/// <param name="GracePeriodSeconds">Of the new one, where it is of Compound's kind; 0 otherwise.</param>
public sealed record RecordTimelockChange(Address From, Address To, long GracePeriodSeconds, EventKey Evidence);

/// <summary>The governor changed a share of the supply that its proposals need.</summary>
/// <param name="IsSuper">Of the super quorum.</param>
public sealed record RecordQuorumChange(bool IsSuper, long Timepoint, UInt256 From, UInt256 To, EventKey Evidence);

/// <summary>The governor or its timelock changed a number that later proposals follow.</summary>
public sealed record RecordSetting(GovernorSetting Setting, UInt256 Value, EventKey Evidence);

// --- Events ---

public sealed record GovernorRegistered(
    long ChainId,
    Address Governor,
    string Name,
    Address Token,
    GovernorClock Clock,
    VoteCounting Counting,
    TimelockKind TimelockKind,
    Address Timelock,
    long GracePeriodSeconds,
    UInt256 QuorumNumerator,
    UInt256 QuorumDenominator,
    UInt256? SuperQuorumNumerator,
    GovernorSettings Settings,
    KnownSupply KnownSupply,
    long FromBlock,
    BlockRef ReadAt,
    Address Actor,
    DateTimeOffset At);

public sealed record GovernorTimelockChanged(
    long ChainId, Address Governor, Address From, Address To, long GracePeriodSeconds, EventKey Evidence);

public sealed record GovernorQuorumChanged(
    long ChainId, Address Governor, bool IsSuper, long Timepoint, UInt256 From, UInt256 To, EventKey Evidence);

public sealed record GovernorSettingChanged(long ChainId, Address Governor, GovernorSetting Setting, UInt256 Value, EventKey Evidence);

// --- State ---

/// <summary>How a governor carries its proposals out.</summary>
public enum TimelockKind
{
    /// <summary>By itself, at once.</summary>
    None,

    /// <summary>TimelockController of OpenZeppelin Contracts.</summary>
    Controller,

    /// <summary>Compound's timelock: what is not carried out within a grace period expires.</summary>
    Compound,
}

/// <summary>A number that a governor or its timelock can change.</summary>
public enum GovernorSetting
{
    VotingDelay,
    VotingPeriod,
    ProposalThreshold,
    LateQuorumExtension,
    TimelockDelaySeconds,
}

/// <summary>Numbers that later proposals follow: times in units of the clock, the threshold in base units of votes.</summary>
/// <param name="VotingDelay">From a proposal to its snapshot.</param>
/// <param name="VotingPeriod">From the snapshot to the deadline.</param>
/// <param name="ProposalThreshold">The votes that a proposer needs.</param>
/// <param name="LateQuorumExtension">From the quorum to the deadline, at least; 0 where the governor has no such rule.</param>
/// <param name="TimelockDelaySeconds">From the queue to the execution, at least; 0 without a timelock.</param>
public sealed record GovernorSettings(
    UInt256 VotingDelay,
    UInt256 VotingPeriod,
    UInt256 ProposalThreshold,
    UInt256 LateQuorumExtension,
    UInt256 TimelockDelaySeconds)
{
    /// <summary>One number changed.</summary>
    public GovernorSettings With(GovernorSetting setting, UInt256 value) => setting switch
    {
        GovernorSetting.VotingDelay => this with { VotingDelay = value },
        GovernorSetting.VotingPeriod => this with { VotingPeriod = value },
        GovernorSetting.ProposalThreshold => this with { ProposalThreshold = value },
        GovernorSetting.LateQuorumExtension => this with { LateQuorumExtension = value },
        GovernorSetting.TimelockDelaySeconds => this with { TimelockDelaySeconds = value },
        _ => this,
    };
}

/// <summary>A governor contract that is followed, known by chain and address.</summary>
/// <param name="Id">Its stream.</param>
/// <param name="Terms">What was found at the registration.</param>
/// <param name="Timelock">The timelock in use; the zero address is none.</param>
/// <param name="GracePeriodSeconds">Of a timelock of Compound's kind.</param>
/// <param name="Quorum">The quorum's share of the supply over time.</param>
/// <param name="SuperQuorum">The super quorum's; null where the governor knows no such thing.</param>
/// <param name="Settings">As they are now.</param>
public sealed record Governor(
    string Id,
    GovernorRegistered Terms,
    Address Timelock,
    long GracePeriodSeconds,
    Checkpoints Quorum,
    Checkpoints? SuperQuorum,
    GovernorSettings Settings)
{
    // --- Decide ---

    public static Decision Decide(RegisterGovernor command, Governor? state)
    {
        if (state is not null)
            return state.Terms.FromBlock == command.FromBlock
                && (command.Token ?? state.Terms.Token) == state.Terms.Token
                && (command.Timelock ?? state.Terms.Timelock) == state.Terms.Timelock
                    ? Decision.Nothing
                    : new GovernorExists(command.Governor);
        if (command.FromBlock < 0 || command.FromBlock > command.Reading.Block.Number)
            return new InvalidValue("fromBlock", $"Must be 0 to {command.Reading.Block.Number}, the newest final block.");
        return command.Reading.Refuse(command) ?? Decision.Accept(command.Reading.Registered(command));
    }

    public static Decision Decide(RecordTimelockChange command, Governor? state) => state is null || state.Timelock == command.To
        ? Decision.Nothing
        : Decision.Accept(new GovernorTimelockChanged(
            state.Terms.ChainId, state.Terms.Governor, command.From, command.To, command.GracePeriodSeconds, command.Evidence));

    public static Decision Decide(RecordQuorumChange command, Governor? state)
    {
        var known = command.IsSuper ? state?.SuperQuorum : state?.Quorum;
        return known is null || known.Changes.Contains(new Checkpoint(command.Timepoint, command.To))
            ? Decision.Nothing
            : Decision.Accept(new GovernorQuorumChanged(
                state!.Terms.ChainId,
                state.Terms.Governor,
                command.IsSuper,
                command.Timepoint,
                command.From,
                command.To,
                command.Evidence));
    }

    public static Decision Decide(RecordSetting command, Governor? state) =>
        state is null || state.Settings == state.Settings.With(command.Setting, command.Value)
            ? Decision.Nothing
            : Decision.Accept(new GovernorSettingChanged(
                state.Terms.ChainId, state.Terms.Governor, command.Setting, command.Value, command.Evidence));

    // --- Evolve ---

    public static Governor? Evolve(Governor? state, object @event) => @event switch
    {
        GovernorRegistered terms => new Governor(
            StreamId(terms.ChainId, terms.Governor),
            terms,
            terms.Timelock,
            terms.GracePeriodSeconds,
            new Checkpoints(terms.QuorumNumerator, []),
            terms.SuperQuorumNumerator is { } super ? new Checkpoints(super, []) : null,
            terms.Settings),
        GovernorTimelockChanged changed => state! with
        {
            Timelock = changed.To,
            GracePeriodSeconds = changed.GracePeriodSeconds,
        },
        GovernorQuorumChanged { IsSuper: false } changed => state! with
        {
            Quorum = state.Quorum.With(changed.Timepoint, changed.From, changed.To),
        },
        GovernorQuorumChanged changed => state! with
        {
            SuperQuorum = state.SuperQuorum!.With(changed.Timepoint, changed.From, changed.To),
        },
        GovernorSettingChanged changed => state! with { Settings = state.Settings.With(changed.Setting, changed.Value) },
        _ => state,
    };

    // --- Queries ---

    /// <summary>The stream of a governor. The same address can be another contract on another chain.</summary>
    public static string StreamId(long chainId, Address governor) => $"governor/{chainId}/{governor}";

    /// <summary>What a proposal with this snapshot needs, once the snapshot is over.</summary>
    /// <param name="supply">The token's at the snapshot, base units.</param>
    public SnapshotQuorum QuorumAt(long snapshot, UInt256 supply) =>
        SnapshotQuorum.Of(supply, Quorum.At(snapshot), Terms.QuorumDenominator, SuperQuorum?.At(snapshot));
}
