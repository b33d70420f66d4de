using Grants.Domain.Governors;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Service.Governors.Following;

/// <summary>Logs of a governor and its timelocks as facts. Pure. What fits nothing, or cannot be, says nothing.</summary>
/// <param name="terms">The governor's.</param>
/// <param name="gracePeriods">Seconds, of the timelocks of Compound's kind that the logs name.</param>
public sealed class GovernorLogs(GovernorRegistered terms, IReadOnlyDictionary<Address, long> gracePeriods)
{
    /// <summary>The first topics of all logs that say something.</summary>
    public static IReadOnlyList<Hash32> Topics { get; } =
    [
        .. new[]
        {
            OzGovernor.ProposalCreated, OzGovernor.VoteCast, OzGovernor.VoteCastWithParams, OzGovernor.ProposalQueued,
            OzGovernor.ProposalExecuted, OzGovernor.ProposalCanceled, OzGovernor.ProposalExtended, OzGovernor.VotingDelaySet,
            OzGovernor.VotingPeriodSet, OzGovernor.ProposalThresholdSet, OzGovernor.LateQuorumVoteExtensionSet,
            OzGovernor.QuorumNumeratorUpdated, OzGovernor.TimelockChange, OzGovernorModules.OverrideVoteCast,
            OzGovernorModules.VoteReduced, OzGovernorModules.SuperQuorumNumeratorUpdated, TimelockController.CallScheduled,
            TimelockController.CallExecuted, TimelockController.Cancelled, TimelockController.MinDelayChange,
        }.Select(declared => declared.Topic0),
    ];

    private static readonly (AbiEvent Log, GovernorSetting Setting)[] Settings =
    [
        (OzGovernor.VotingDelaySet, GovernorSetting.VotingDelay),
        (OzGovernor.VotingPeriodSet, GovernorSetting.VotingPeriod),
        (OzGovernor.ProposalThresholdSet, GovernorSetting.ProposalThreshold),
        (OzGovernor.LateQuorumVoteExtensionSet, GovernorSetting.LateQuorumExtension),
    ];

    /// <summary>The two timelocks of a change of timelock; null for another log.</summary>
    public static (Address From, Address To)? TimelocksOf(RpcLog log) =>
        OzGovernor.TimelockChange.TryDecode(log, out var v) ? ((Address)v[0], (Address)v[1]) : null;

    /// <summary>What the log says.</summary>
    public GovernorFact? FactOf(GovernorLog log) => log.Log.Address == terms.Governor
        ? LifeOf(log) ?? VoteOf(log) ?? (GovernorFact?)ChangeOf(log)
        : OperationOf(log);

    private GovernorFact? LifeOf(GovernorLog log)
    {
        if (OzGovernor.TryDecodeCreated(log.Log, out var proposed))
            return CreationOf(log, proposed!);
        if (OzGovernor.ProposalQueued.TryDecode(log.Log, out var v))
            return Timepoint((UInt256)v[1]) is { } eta
                ? Of(log, v[0], key => state => GovernorProposal.Decide(new RecordGovernorQueue(key, eta, log.Evidence), state))
                : null;
        if (OzGovernor.ProposalExtended.TryDecode(log.Log, out v))
            return Timepoint((UInt256)v[1]) is { } deadline
                ? Of(log, v[0], key => state => GovernorProposal.Decide(new RecordGovernorExtension(key, deadline, log.Evidence), state))
                : null;
        if (OzGovernor.ProposalExecuted.TryDecode(log.Log, out v))
            return Of(log, v[0], key => state => GovernorProposal.Decide(new RecordGovernorExecution(key, log.Evidence, log.At), state));
        return OzGovernor.ProposalCanceled.TryDecode(log.Log, out v)
            ? Of(log, v[0], key => state => GovernorProposal.Decide(new RecordGovernorCancel(key, log.Evidence), state))
            : null;
    }

    private GovernorFact.OfCreation? CreationOf(GovernorLog log, ProposedCalls proposed)
    {
        if (Timepoint(proposed.VoteStart) is not { } snapshot || Timepoint(proposed.VoteEnd) is not { } deadline)
            return null;
        Hash32 Operation(Hash32 salt) =>
            TimelockController.OperationId(proposed.Targets, proposed.Values, proposed.Calldatas, Hash32.Zero, salt);
        return new(log.Evidence, new RecordGovernorProposal(
            KeyOf(proposed.Id),
            proposed.Proposer,
            [.. proposed.Targets.Select((target, i) => new GovernorCall(
                target, proposed.Values[i], Text(proposed.Signatures[i]), Hex.Format(proposed.Calldatas[i])))],
            Text(proposed.Description),
            proposed.DescriptionHash,
            [Operation(TimelockController.SaltOf(terms.Governor, proposed.DescriptionHash)), Operation(proposed.DescriptionHash)],
            snapshot,
            deadline,
            log.Evidence,
            log.At));
    }

    private GovernorFact.OfProposal? VoteOf(GovernorLog log)
    {
        if (OzGovernor.VoteCast.TryDecode(log.Log, out var v))
            return VoteOf(log, v, [], isOverride: false);
        if (OzGovernor.VoteCastWithParams.TryDecode(log.Log, out v))
            return VoteOf(log, v, (byte[])v[5], isOverride: false);
        if (OzGovernorModules.OverrideVoteCast.TryDecode(log.Log, out v))
            return VoteOf(log, v, [], isOverride: true);
        if (!OzGovernorModules.VoteReduced.TryDecode(log.Log, out v))
            return null;
        var (voter, support) = ((Address)v[0], (int)((UInt256)v[2]).ToBigInteger());
        var lost = terms.Counting.Of(support, (UInt256)v[3], []);
        return Of(log, v[1], key => state => GovernorProposal.Decide(
            new RecordVoteReduction(key, voter, support, lost, log.Evidence), state));
    }

    private GovernorFact.OfProposal VoteOf(GovernorLog log, object[] v, byte[] parameters, bool isOverride)
    {
        var (voter, support, weight) = ((Address)v[0], (int)((UInt256)v[2]).ToBigInteger(), (UInt256)v[3]);
        var counted = terms.Counting.Of(support, weight, parameters);
        return Of(log, v[1], key => state => GovernorProposal.Decide(
            new RecordGovernorVote(key, voter, support, weight, counted, isOverride, Text((string)v[4]), log.Evidence), state));
    }

    private GovernorFact.OfGovernor? ChangeOf(GovernorLog log)
    {
        foreach (var (declared, setting) in Settings)
        {
            if (declared.TryDecode(log.Log, out var v))
                return new(log.Evidence, state => Governor.Decide(new RecordSetting(setting, (UInt256)v[1], log.Evidence), state));
        }

        if (TimelocksOf(log.Log) is var (from, to))
            return new(log.Evidence, state => Governor.Decide(
                new RecordTimelockChange(from, to, gracePeriods.GetValueOrDefault(to), log.Evidence), state));
        return QuorumChangeOf(log, OzGovernor.QuorumNumeratorUpdated, isSuper: false)
            ?? QuorumChangeOf(log, OzGovernorModules.SuperQuorumNumeratorUpdated, isSuper: true);
    }

    private GovernorFact.OfGovernor? QuorumChangeOf(GovernorLog log, AbiEvent declared, bool isSuper) =>
        declared.TryDecode(log.Log, out var v)
            ? new(log.Evidence, state => Governor.Decide(
                new RecordQuorumChange(isSuper, terms.Clock.At(log.Block), (UInt256)v[0], (UInt256)v[1], log.Evidence), state))
            : null;

    private static GovernorFact? OperationOf(GovernorLog log)
    {
        var timelock = log.Log.Address;
        if (TimelockController.MinDelayChange.TryDecode(log.Log, out var delay))
            return new GovernorFact.OfGovernor(log.Evidence, state => Governor.Decide(
                new RecordSetting(GovernorSetting.TimelockDelaySeconds, (UInt256)delay[1], log.Evidence),
                state?.Timelock == timelock ? state : null));
        OperationState? now = TimelockController.CallScheduled.TryDecode(log.Log, out var v) ? OperationState.Pending
            : TimelockController.CallExecuted.TryDecode(log.Log, out v) ? OperationState.Done
            : TimelockController.Cancelled.TryDecode(log.Log, out v) ? OperationState.Cancelled
            : null;
        return now is { } changed
            ? new GovernorFact.OfOperation(log.Evidence, (Hash32)v![0], (key, state) => GovernorProposal.Decide(
                new RecordOperation(key, timelock, (Hash32)v[0], changed, log.Evidence, log.At), state))
            : null;
    }

    private GovernorFact.OfProposal Of(
        GovernorLog log, object id, Func<GovernorProposalKey, Func<GovernorProposal?, Domain.Decision>> decide)
    {
        var key = KeyOf((UInt256)id);
        return new(log.Evidence, key, decide(key));
    }

    private GovernorProposalKey KeyOf(UInt256 id) => new(terms.ChainId, terms.Governor, id);

    // Timepoints are 48 bits wide in the contracts; what is more comes from something else.
    private static long? Timepoint(UInt256 value) => value < (UInt256)(1L << 48) ? (long)value : null;

    // PostgreSQL keeps no null character.
    private static string Text(string text) => text.Replace('\0', '\ufffd');
}
