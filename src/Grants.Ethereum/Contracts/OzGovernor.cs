using System.Text;
using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts;

/// <summary>What a governor of OpenZeppelin's or Compound's kind proposes to do, by its log.</summary>
/// <param name="Id">A hash of the rest, or a number of the governor's own; the same id can occur in several governors.</param>
/// <param name="Proposer">Who proposed it.</param>
/// <param name="Targets">Whom it calls, in order.</param>
/// <param name="Values">What it sends along, in the native token's base units, as many as targets.</param>
/// <param name="Signatures">Empty texts, or function signatures that old governors put before the data.</param>
/// <param name="Calldatas">The data of the calls, as many as targets.</param>
/// <param name="VoteStart">The snapshot's timepoint by the governor's clock.</param>
/// <param name="VoteEnd">The last timepoint at which votes count, unless it is extended.</param>
/// <param name="Description">For people; bytes that are not UTF-8 are shown as U+FFFD.</param>
/// <param name="DescriptionHash">Keccak-256 of the description's very bytes.</param>
public sealed record ProposedCalls(
    UInt256 Id,
    Address Proposer,
    IReadOnlyList<Address> Targets,
    IReadOnlyList<UInt256> Values,
    IReadOnlyList<string> Signatures,
    IReadOnlyList<byte[]> Calldatas,
    UInt256 VoteStart,
    UInt256 VoteEnd,
    string Description,
    Hash32 DescriptionHash);

/// <summary>
/// A governor of OpenZeppelin Contracts 4.7 to 5.x: Governor, GovernorSettings, GovernorVotes, GovernorVotesQuorumFraction,
/// GovernorPreventLateQuorum, GovernorProposalGuardian, GovernorTimelockControl and GovernorTimelockCompound. Compound's
/// GovernorBravo has the same logs of proposals and votes.
/// </summary>
public static class OzGovernor
{
    private static readonly AbiType[] CallTypes = Types("address[]", "uint256[]", "bytes[]", "bytes32");

    // Text as bytes: a contract does not check that it is UTF-8, and the hash is one of bytes.
    private static readonly AbiType[] CreatedTypes = Types(
        "uint256", "address", "address[]", "uint256[]", "bytes[]", "bytes[]", "uint256", "uint256", "bytes");

    /// <summary>A proposal was made.</summary>
    public static readonly AbiEvent ProposalCreated = AbiEvent.Parse(
        "event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, "
        + "bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description)");

    /// <summary>A vote was counted.</summary>
    public static readonly AbiEvent VoteCast = AbiEvent.Parse(
        "event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason)");

    /// <summary>A vote with parameters was counted.</summary>
    public static readonly AbiEvent VoteCastWithParams = AbiEvent.Parse(
        "event VoteCastWithParams(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason, bytes params)");

    /// <summary>A proposal waits in the timelock until the given second.</summary>
    public static readonly AbiEvent ProposalQueued = AbiEvent.Parse("event ProposalQueued(uint256 proposalId, uint256 etaSeconds)");

    /// <summary>A proposal was carried out.</summary>
    public static readonly AbiEvent ProposalExecuted = AbiEvent.Parse("event ProposalExecuted(uint256 proposalId)");

    /// <summary>A proposal was cancelled in the governor.</summary>
    public static readonly AbiEvent ProposalCanceled = AbiEvent.Parse("event ProposalCanceled(uint256 proposalId)");

    /// <summary>The quorum was reached late: votes count until the given timepoint.</summary>
    public static readonly AbiEvent ProposalExtended =
        AbiEvent.Parse("event ProposalExtended(uint256 indexed proposalId, uint64 extendedDeadline)");

    /// <summary>The time from a proposal to its snapshot, in units of the clock.</summary>
    public static readonly AbiEvent VotingDelaySet = AbiEvent.Parse("event VotingDelaySet(uint256 oldVotingDelay, uint256 newVotingDelay)");

    /// <summary>How long votes count, in units of the clock.</summary>
    public static readonly AbiEvent VotingPeriodSet =
        AbiEvent.Parse("event VotingPeriodSet(uint256 oldVotingPeriod, uint256 newVotingPeriod)");

    /// <summary>The votes that a proposer needs.</summary>
    public static readonly AbiEvent ProposalThresholdSet =
        AbiEvent.Parse("event ProposalThresholdSet(uint256 oldProposalThreshold, uint256 newProposalThreshold)");

    /// <summary>How long votes count at least once the quorum is reached, in units of the clock.</summary>
    public static readonly AbiEvent LateQuorumVoteExtensionSet =
        AbiEvent.Parse("event LateQuorumVoteExtensionSet(uint64 oldVoteExtension, uint64 newVoteExtension)");

    /// <summary>The quorum's share of the supply.</summary>
    public static readonly AbiEvent QuorumNumeratorUpdated =
        AbiEvent.Parse("event QuorumNumeratorUpdated(uint256 oldQuorumNumerator, uint256 newQuorumNumerator)");

    /// <summary>Who may cancel any proposal.</summary>
    public static readonly AbiEvent ProposalGuardianSet =
        AbiEvent.Parse("event ProposalGuardianSet(address oldProposalGuardian, address newProposalGuardian)");

    /// <summary>Proposals are carried out by another timelock.</summary>
    public static readonly AbiEvent TimelockChange = AbiEvent.Parse("event TimelockChange(address oldTimelock, address newTimelock)");

    /// <summary>The governor's name.</summary>
    public static readonly AbiFunction Name = AbiFunction.Parse("function name() view returns (string)");

    /// <summary>The clock of timepoints, in words (ERC-6372).</summary>
    public static readonly AbiFunction ClockMode = AbiFunction.Parse("function CLOCK_MODE() view returns (string)");

    /// <summary>The timepoint now (ERC-6372).</summary>
    public static readonly AbiFunction Clock = AbiFunction.Parse("function clock() view returns (uint48)");

    /// <summary>How votes are counted, in words.</summary>
    public static readonly AbiFunction CountingMode = AbiFunction.Parse("function COUNTING_MODE() view returns (string)");

    /// <summary>The token whose votes count.</summary>
    public static readonly AbiFunction Token = AbiFunction.Parse("function token() view returns (address)");

    /// <summary>The timelock that carries proposals out.</summary>
    public static readonly AbiFunction Timelock = AbiFunction.Parse("function timelock() view returns (address)");

    /// <summary>The time from a proposal to its snapshot, in units of the clock.</summary>
    public static readonly AbiFunction VotingDelay = AbiFunction.Parse("function votingDelay() view returns (uint256)");

    /// <summary>How long votes count, in units of the clock.</summary>
    public static readonly AbiFunction VotingPeriod = AbiFunction.Parse("function votingPeriod() view returns (uint256)");

    /// <summary>The votes that a proposer needs.</summary>
    public static readonly AbiFunction ProposalThreshold = AbiFunction.Parse("function proposalThreshold() view returns (uint256)");

    /// <summary>How long votes count at least once the quorum is reached, in units of the clock.</summary>
    public static readonly AbiFunction LateQuorumVoteExtension =
        AbiFunction.Parse("function lateQuorumVoteExtension() view returns (uint48)");

    /// <summary>The quorum's share of the supply now.</summary>
    public static readonly AbiFunction QuorumNumerator = AbiFunction.Parse("function quorumNumerator() view returns (uint256)");

    /// <summary>The quorum's share of the supply at a timepoint; since 4.7, before which a change concerned the past as well.</summary>
    public static readonly AbiFunction PastQuorumNumerator =
        AbiFunction.Parse("function quorumNumerator(uint256 timepoint) view returns (uint256)");

    /// <summary>What the share is counted in: 100 for percent.</summary>
    public static readonly AbiFunction QuorumDenominator = AbiFunction.Parse("function quorumDenominator() view returns (uint256)");

    /// <summary>The votes that a proposal with this snapshot needs; reverts before the snapshot is over.</summary>
    public static readonly AbiFunction Quorum = AbiFunction.Parse("function quorum(uint256 timepoint) view returns (uint256)");

    /// <summary>
    /// The number of a proposal's state, from 0: pending, active, canceled, defeated, succeeded, queued, expired, executed.
    /// </summary>
    public static readonly AbiFunction State = AbiFunction.Parse("function state(uint256 proposalId) view returns (uint8)");

    /// <summary>The votes of a proposal.</summary>
    public static readonly AbiFunction ProposalVotes = AbiFunction.Parse(
        "function proposalVotes(uint256 proposalId) view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes)");

    /// <summary>The timepoint at which a proposal's votes are read.</summary>
    public static readonly AbiFunction ProposalSnapshot =
        AbiFunction.Parse("function proposalSnapshot(uint256 proposalId) view returns (uint256)");

    /// <summary>The last timepoint at which a proposal's votes count.</summary>
    public static readonly AbiFunction ProposalDeadline =
        AbiFunction.Parse("function proposalDeadline(uint256 proposalId) view returns (uint256)");

    /// <summary>The second from which a queued proposal can be carried out; 0 before.</summary>
    public static readonly AbiFunction ProposalEta = AbiFunction.Parse("function proposalEta(uint256 proposalId) view returns (uint256)");

    /// <summary>Proposes calls.</summary>
    public static readonly AbiFunction Propose = AbiFunction.Parse(
        "function propose(address[] targets, uint256[] values, bytes[] calldatas, string description) returns (uint256)");

    /// <summary>
    /// Votes against (0), for (1) or to abstain (2), as GovernorCountingSimple reads it; returns the weight that counted.
    /// </summary>
    public static readonly AbiFunction CastVote =
        AbiFunction.Parse("function castVote(uint256 proposalId, uint8 support) returns (uint256)");

    /// <summary>Votes and says why.</summary>
    public static readonly AbiFunction CastVoteWithReason =
        AbiFunction.Parse("function castVoteWithReason(uint256 proposalId, uint8 support, string reason) returns (uint256)");

    /// <summary>Votes with parameters, which the counting defines.</summary>
    public static readonly AbiFunction CastVoteWithReasonAndParams = AbiFunction.Parse(
        "function castVoteWithReasonAndParams(uint256 proposalId, uint8 support, string reason, bytes params) returns (uint256)");

    /// <summary>Puts a proposal that succeeded into the timelock.</summary>
    public static readonly AbiFunction Queue = AbiFunction.Parse(
        "function queue(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash) returns (uint256)");

    /// <summary>Carries a proposal out.</summary>
    public static readonly AbiFunction Execute = AbiFunction.Parse(
        "function execute(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash) payable returns (uint256)");

    /// <summary>Cancels a proposal.</summary>
    public static readonly AbiFunction Cancel = AbiFunction.Parse(
        "function cancel(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash) returns (uint256)");

    /// <summary>Changes the quorum's share; for proposals of the governor itself.</summary>
    public static readonly AbiFunction UpdateQuorumNumerator =
        AbiFunction.Parse("function updateQuorumNumerator(uint256 newQuorumNumerator)");

    /// <summary>Changes the timelock; for proposals of the governor itself.</summary>
    public static readonly AbiFunction UpdateTimelock = AbiFunction.Parse("function updateTimelock(address newTimelock)");

    /// <summary>
    /// What a ProposalCreated log proposes. False for another log, and for lists of unequal length, which no governor emits.
    /// </summary>
    public static bool TryDecodeCreated(RpcLog log, out ProposedCalls? proposed)
    {
        proposed = null;
        if (!ProposalCreated.TryDecode(log, out _))
            return false;
        var values = AbiCodec.Decode(CreatedTypes, log.Data);
        var lists = values[2..6].Select(list => (object[])list).ToArray();
        if (lists.Any(list => list.Length != lists[0].Length))
            return false;
        var description = (byte[])values[8];
        proposed = new ProposedCalls(
            (UInt256)values[0],
            (Address)values[1],
            [.. lists[0].Cast<Address>()],
            [.. lists[1].Cast<UInt256>()],
            [.. lists[2].Cast<byte[]>().Select(Encoding.UTF8.GetString)],
            [.. lists[3].Cast<byte[]>()],
            (UInt256)values[6],
            (UInt256)values[7],
            Encoding.UTF8.GetString(description),
            Keccak256.Hash(description));
        return true;
    }

    /// <summary>The id that hashProposal gives; neither the chain nor the governor is part of it.</summary>
    public static UInt256 ProposalId(
        IReadOnlyList<Address> targets, IReadOnlyList<UInt256> values, IReadOnlyList<byte[]> calldatas, Hash32 descriptionHash) =>
        UInt256.FromBytes(Keccak256.Hash(AbiCodec.Encode(CallTypes, targets, values, calldatas, descriptionHash)).ToBytes());

    private static AbiType[] Types(params string[] names) => [.. names.Select(AbiType.Parse)];
}
