using Grants.Ethereum.Abi;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts;

/// <summary>
/// The vault that holds the incentives: <c>schema/contracts/src/IncentiveVault.sol</c>. Amounts are base units of the award's
/// token, times are seconds, instants are Unix seconds; seq names a duty together with its award and amount.
/// </summary>
public static class IncentiveVault
{
    private const string Schedule = "(uint40 start, uint40 cliff, uint40 duration, uint40 granularity, uint8 mode, uint256 startUnlock, "
        + "uint256 cliffUnlock, (uint40 time, uint208 amount)[] tranches) schedule";

    /// <summary>An award was created and its amount reserved; the schedule as in <see cref="Grant"/>.</summary>
    public static readonly AbiEvent Granted = AbiEvent.Parse(
        $"event Granted(bytes32 indexed awardId, address indexed token, address indexed recipient, uint256 amount, {Schedule})");

    /// <summary>An award's recipient was paid, once and for all under the release id.</summary>
    public static readonly AbiEvent Released = AbiEvent.Parse(
        "event Released(bytes32 indexed releaseId, bytes32 indexed awardId, address indexed recipient, address token, uint64 seq, "
        + "uint256 amount)");

    /// <summary>An element of a batch failed and changed nothing; the reason is what it reverted with.</summary>
    public static readonly AbiEvent ReleaseSkipped =
        AbiEvent.Parse("event ReleaseSkipped(bytes32 indexed awardId, uint64 seq, bytes reason)");

    /// <summary>Tokens that had not been released went back to the treasury, once and for all under the clawback id.</summary>
    public static readonly AbiEvent ClawedBack = AbiEvent.Parse(
        "event ClawedBack(bytes32 indexed clawbackId, bytes32 indexed awardId, address indexed treasury, address token, uint64 seq, "
        + "uint256 amount)");

    /// <summary>A duty will never be settled, whoever asks.</summary>
    public static readonly AbiEvent Voided = AbiEvent.Parse("event Voided(bytes32 indexed releaseId)");

    /// <summary>The ceiling on the sum of all awards that operators may ever grant of a token.</summary>
    public static readonly AbiEvent BudgetSet = AbiEvent.Parse("event BudgetSet(address indexed token, uint256 amount)");

    /// <summary>The most that one release may pay of a token; zero: what the period's limit allows.</summary>
    public static readonly AbiEvent OrderLimitSet = AbiEvent.Parse("event OrderLimitSet(address indexed token, uint256 limit)");

    /// <summary>The ceiling on what may be released of a token within any so many seconds on end.</summary>
    public static readonly AbiEvent PeriodLimitSet =
        AbiEvent.Parse("event PeriodLimitSet(address indexed token, uint256 limit, uint64 periodSeconds)");

    /// <summary>The recipient of an award wants it to go to another account; the zero address takes that back.</summary>
    public static readonly AbiEvent RecipientProposed =
        AbiEvent.Parse("event RecipientProposed(bytes32 indexed awardId, address indexed from, address indexed to)");

    /// <summary>The proposed account accepted an award.</summary>
    public static readonly AbiEvent RecipientChanged =
        AbiEvent.Parse("event RecipientChanged(bytes32 indexed awardId, address indexed from, address indexed to)");

    /// <summary>OpenZeppelin Pausable: awards and payments stopped.</summary>
    public static readonly AbiEvent Paused = AbiEvent.Parse("event Paused(address account)");

    /// <summary>OpenZeppelin Pausable: awards and payments go on.</summary>
    public static readonly AbiEvent Unpaused = AbiEvent.Parse("event Unpaused(address account)");

    /// <summary>OpenZeppelin AccessControl: an account has a role from here on.</summary>
    public static readonly AbiEvent RoleGranted =
        AbiEvent.Parse("event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)");

    /// <summary>OpenZeppelin AccessControl: an account no longer has a role.</summary>
    public static readonly AbiEvent RoleRevoked =
        AbiEvent.Parse("event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender)");

    /// <summary>
    /// Creates an award that vests along a line (mode 0 from the cliff on, 1 back from the start) or, where tranches are listed, by
    /// those alone, 64 at most. By an operator within the token's budget, or by a manager.
    /// </summary>
    public static readonly AbiFunction Grant = AbiFunction.Parse(
        $"function grant(bytes32 awardId, address token, address recipient, uint256 amount, {Schedule})");

    /// <summary>
    /// Pays a vested amount to the award's recipient, unless the block's time is after the deadline. By an operator.
    /// </summary>
    public static readonly AbiFunction Release = AbiFunction.Parse(
        "function release(bytes32 awardId, uint64 seq, uint256 amount, uint64 deadline) returns (bytes32 releaseId)");

    /// <summary>Releases what can be released; the others leave a ReleaseSkipped. By an operator.</summary>
    public static readonly AbiFunction ReleaseBatch = AbiFunction.Parse(
        "function releaseBatch((bytes32 awardId, uint64 seq, uint256 amount, uint64 deadline)[] releases)");

    /// <summary>Returns tokens that have not been released, vested or not, to the treasury. By an operator.</summary>
    public static readonly AbiFunction Clawback =
        AbiFunction.Parse("function clawback(bytes32 awardId, uint64 seq, uint256 amount) returns (bytes32 clawbackId)");

    /// <summary>Ends a release id or a clawback id that has not settled. By a guardian, also while paused.</summary>
    public static readonly AbiFunction Void = AbiFunction.Parse("function void(bytes32 releaseId)");

    /// <summary>
    /// Sets the ceiling on the sum of all awards, past ones included, that operators may grant of a token. By the admin.
    /// </summary>
    public static readonly AbiFunction SetBudget = AbiFunction.Parse("function setBudget(address token, uint256 amount)");

    /// <summary>Sets the ceiling on what may be released of a token within any so many seconds on end. By the admin.</summary>
    public static readonly AbiFunction SetPeriodLimit =
        AbiFunction.Parse("function setPeriodLimit(address token, uint256 limit, uint64 periodSeconds)");

    /// <summary>Sets the most that one release may pay of a token; zero lifts it. By the admin.</summary>
    public static readonly AbiFunction SetOrderLimit = AbiFunction.Parse("function setOrderLimit(address token, uint256 limit)");

    /// <summary>The recipient of an award wants it to go to another account; the zero address takes that back.</summary>
    public static readonly AbiFunction ProposeRecipient = AbiFunction.Parse("function proposeRecipient(bytes32 awardId, address to)");

    /// <summary>The proposed account accepts an award.</summary>
    public static readonly AbiFunction AcceptRecipient = AbiFunction.Parse("function acceptRecipient(bytes32 awardId)");

    /// <summary>Stops awards and payments, not the schedules. By a guardian.</summary>
    public static readonly AbiFunction Pause = AbiFunction.Parse("function pause()");

    /// <summary>Lets awards and payments go on. By the admin.</summary>
    public static readonly AbiFunction Unpause = AbiFunction.Parse("function unpause()");

    /// <summary>OpenZeppelin AccessControl: gives a role to an account. By the admin.</summary>
    public static readonly AbiFunction GrantRole = AbiFunction.Parse("function grantRole(bytes32 role, address account)");

    /// <summary>An award as it stands; everything is zero where there is none.</summary>
    public static readonly AbiFunction Award = AbiFunction.Parse(
        "function award(bytes32 awardId) view returns (address token, address recipient, uint256 amount, uint256 released, "
        + $"uint256 clawedBack, {Schedule})");

    /// <summary>
    /// What the schedule alone has vested at an instant, clawbacks not deducted; zero where there is no such award.
    /// </summary>
    public static readonly AbiFunction VestedAmount =
        AbiFunction.Parse("function vestedAmount(bytes32 awardId, uint64 t) view returns (uint256)");

    /// <summary>The id of a release to the award's present recipient, as <see cref="ReleaseId"/> computes it.</summary>
    public static readonly AbiFunction ReleaseIdOf =
        AbiFunction.Parse("function releaseIdOf(bytes32 awardId, uint64 seq, uint256 amount) view returns (bytes32)");

    /// <summary>The id of a clawback, as <see cref="ClawbackId"/> computes it.</summary>
    public static readonly AbiFunction ClawbackIdOf =
        AbiFunction.Parse("function clawbackIdOf(bytes32 awardId, uint64 seq, uint256 amount) view returns (bytes32)");

    /// <summary>Whether the duty of an id was settled.</summary>
    public static readonly AbiFunction Settled = AbiFunction.Parse("function settled(bytes32 id) view returns (bool)");

    /// <summary>Whether the duty of an id was ended without being settled.</summary>
    public static readonly AbiFunction IsVoided = AbiFunction.Parse("function voided(bytes32 id) view returns (bool)");

    /// <summary>What the vault still owes of a token: the sum over its awards of amount - released - clawedBack.</summary>
    public static readonly AbiFunction Reserved = AbiFunction.Parse("function reserved(address token) view returns (uint256)");

    /// <summary>The ceiling on the sum of all awards that operators may ever grant of a token.</summary>
    public static readonly AbiFunction Budget = AbiFunction.Parse("function budget(address token) view returns (uint256)");

    /// <summary>The only account that a clawback can pay; it never changes.</summary>
    public static readonly AbiFunction Treasury = AbiFunction.Parse("function treasury() view returns (address)");

    /// <summary>OpenZeppelin Pausable: whether awards and payments are stopped.</summary>
    public static readonly AbiFunction IsPaused = AbiFunction.Parse("function paused() view returns (bool)");

    /// <summary>
    /// Everything that the vault and what it inherits from OpenZeppelin Contracts revert with, for <see
    /// cref="RevertReason"/>.
    /// </summary>
    public static readonly IReadOnlyList<AbiError> Errors =
    [
        .. new[]
        {
            "error InvalidAddress(address value)",
            "error InvalidAmount()",
            "error InvalidSchedule()",
            "error InvalidPeriod()",
            "error AwardExists(bytes32 awardId)",
            "error AwardUnknown(bytes32 awardId)",
            "error BudgetExceeded(address token, uint256 budget, uint256 spent, uint256 amount)",
            "error BalanceExceeded(address token, uint256 unreserved, uint256 amount)",
            "error DeadlinePassed(uint64 deadline, uint256 blockTimestamp)",
            "error AlreadySettled(bytes32 id)",
            "error AlreadyVoided(bytes32 id)",
            "error VestedExceeded(bytes32 awardId, uint256 ceiling, uint256 released, uint256 amount)",
            "error OrderLimitExceeded(address token, uint256 limit, uint256 amount)",
            "error PeriodLimitExceeded(address token, uint256 limit, uint256 releasedInPeriod, uint256 amount)",
            "error RemainingExceeded(bytes32 awardId, uint256 remaining, uint256 amount)",
            "error TransferMismatch(address token, uint256 amount, uint256 balanceBefore, uint256 balanceAfter)",
            "error NotRecipient(bytes32 awardId, address recipient, address caller)",
            "error NotProposedRecipient(bytes32 awardId, address proposed, address caller)",
            "error RecipientChangesExhausted(bytes32 awardId, uint256 changes)",
            "error AccessControlBadConfirmation()",
            "error AccessControlUnauthorizedAccount(address account, bytes32 neededRole)",
            "error CheckpointUnorderedInsertion()",
            "error EnforcedPause()",
            "error ExpectedPause()",
            "error ReentrancyGuardReentrantCall()",
            "error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value)",
            "error SafeERC20FailedOperation(address token)",
        }.Select(AbiError.Parse),
    ];

    /// <summary>Grants within the budget, releases and claws back.</summary>
    public static readonly Hash32 OperatorRole = Keccak256.Hash("OPERATOR_ROLE");

    /// <summary>Pauses and voids.</summary>
    public static readonly Hash32 GuardianRole = Keccak256.Hash("GUARDIAN_ROLE");

    private static readonly Hash32 ReleaseTypeHash = Keccak256.Hash("Release(v1)");
    private static readonly Hash32 ClawbackTypeHash = Keccak256.Hash("Clawback(v1)");
    private static readonly AbiType[] IdTypes =
        [.. "bytes32,uint256,address,bytes32,uint64,address,address,uint256".Split(',').Select(AbiType.Parse)];

    /// <summary>
    /// The name of a duty to pay, as the vault computes it; it settles at most once. Keccak-256 of the ABI encoding of the hash of
    /// <c>Release(v1)</c>, chain id, vault, award, seq, token, present recipient and amount.
    /// </summary>
    public static Hash32 ReleaseId(
        long chainId, Address vault, Hash32 awardId, ulong seq, Address token, Address recipient, UInt256 amount) =>
        Id(ReleaseTypeHash, chainId, vault, awardId, seq, token, recipient, amount);

    /// <summary>
    /// The name of a duty to return tokens to the treasury, as the vault computes it; it settles at most once. Keccak-256 of the
    /// ABI encoding of the hash of <c>Clawback(v1)</c>, chain id, vault, award, seq, token, treasury and amount.
    /// </summary>
    public static Hash32 ClawbackId(
        long chainId, Address vault, Hash32 awardId, ulong seq, Address token, Address treasury, UInt256 amount) =>
        Id(ClawbackTypeHash, chainId, vault, awardId, seq, token, treasury, amount);

    private static Hash32 Id(params object[] parts) => Keccak256.Hash(AbiCodec.Encode(IdTypes, parts));
}
