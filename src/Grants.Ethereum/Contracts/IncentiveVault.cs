using Grants.Ethereum.Abi;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts;

/// <summary>The vault that holds the incentives. Amounts are base units of the award's token, times are seconds.</summary>
public static class IncentiveVault
{
    public static readonly AbiEvent Granted = AbiEvent.Parse(
        "event Granted(bytes32 indexed awardId, address indexed token, address indexed recipient, uint256 amount, uint64 start, "
        + "uint64 cliff, uint64 duration, uint32 tranches)");
    public static readonly AbiEvent Released = AbiEvent.Parse(
        "event Released(bytes32 indexed releaseId, bytes32 indexed awardId, address indexed recipient, address token, uint64 seq, "
        + "uint256 amount)");
    public static readonly AbiEvent ReleaseSkipped =
        AbiEvent.Parse("event ReleaseSkipped(bytes32 indexed awardId, uint64 seq, bytes reason)");
    public static readonly AbiEvent ClawedBack = AbiEvent.Parse(
        "event ClawedBack(bytes32 indexed clawbackId, bytes32 indexed awardId, address indexed treasury, address token, uint64 seq, "
        + "uint256 amount)");
    public static readonly AbiEvent Voided = AbiEvent.Parse("event Voided(bytes32 indexed releaseId)");
    public static readonly AbiEvent BudgetSet = AbiEvent.Parse("event BudgetSet(address indexed token, uint256 amount)");
    public static readonly AbiEvent PeriodLimitSet =
        AbiEvent.Parse("event PeriodLimitSet(address indexed token, uint256 limit, uint64 periodSeconds)");
    public static readonly AbiEvent RecipientProposed =
        AbiEvent.Parse("event RecipientProposed(bytes32 indexed awardId, address indexed from, address indexed to)");
    public static readonly AbiEvent RecipientChanged =
        AbiEvent.Parse("event RecipientChanged(bytes32 indexed awardId, address indexed from, address indexed to)");
    public static readonly AbiEvent Paused = AbiEvent.Parse("event Paused(address account)");
    public static readonly AbiEvent Unpaused = AbiEvent.Parse("event Unpaused(address account)");
    public static readonly AbiEvent RoleGranted =
        AbiEvent.Parse("event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)");
    public static readonly AbiEvent RoleRevoked =
        AbiEvent.Parse("event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender)");

    public static readonly AbiFunction Grant = AbiFunction.Parse(
        "function grant(bytes32 awardId, address token, address recipient, uint256 amount, "
        + "(uint64 start, uint64 cliff, uint64 duration, uint32 tranches) schedule)");
    public static readonly AbiFunction Release = AbiFunction.Parse(
        "function release(bytes32 awardId, uint64 seq, uint256 amount, uint64 deadline) returns (bytes32 releaseId)");
    public static readonly AbiFunction ReleaseBatch = AbiFunction.Parse(
        "function releaseBatch((bytes32 awardId, uint64 seq, uint256 amount, uint64 deadline)[] releases)");
    public static readonly AbiFunction Clawback =
        AbiFunction.Parse("function clawback(bytes32 awardId, uint64 seq, uint256 amount) returns (bytes32 clawbackId)");
    public static readonly AbiFunction Void = AbiFunction.Parse("function void(bytes32 releaseId)");
    public static readonly AbiFunction ProposeRecipient = AbiFunction.Parse("function proposeRecipient(bytes32 awardId, address to)");
    public static readonly AbiFunction AcceptRecipient = AbiFunction.Parse("function acceptRecipient(bytes32 awardId)");
    public static readonly AbiFunction SetBudget = AbiFunction.Parse("function setBudget(address token, uint256 amount)");
    public static readonly AbiFunction SetPeriodLimit =
        AbiFunction.Parse("function setPeriodLimit(address token, uint256 limit, uint64 periodSeconds)");
    public static readonly AbiFunction Pause = AbiFunction.Parse("function pause()");
    public static readonly AbiFunction Unpause = AbiFunction.Parse("function unpause()");
    public static readonly AbiFunction GrantRole = AbiFunction.Parse("function grantRole(bytes32 role, address account)");
    public static readonly AbiFunction RevokeRole = AbiFunction.Parse("function revokeRole(bytes32 role, address account)");

    public static readonly AbiFunction Award = AbiFunction.Parse(
        "function award(bytes32 awardId) view returns (address token, address recipient, uint256 amount, uint256 released, "
        + "uint256 clawedBack, (uint64 start, uint64 cliff, uint64 duration, uint32 tranches) schedule)");
    public static readonly AbiFunction VestedAmount =
        AbiFunction.Parse("function vestedAmount(bytes32 awardId, uint64 t) view returns (uint256)");
    public static readonly AbiFunction ReleaseIdOf =
        AbiFunction.Parse("function releaseIdOf(bytes32 awardId, uint64 seq, uint256 amount) view returns (bytes32)");
    public static readonly AbiFunction ClawbackIdOf =
        AbiFunction.Parse("function clawbackIdOf(bytes32 awardId, uint64 seq, uint256 amount) view returns (bytes32)");
    public static readonly AbiFunction Settled = AbiFunction.Parse("function settled(bytes32 id) view returns (bool)");
    public static readonly AbiFunction IsVoided = AbiFunction.Parse("function voided(bytes32 id) view returns (bool)");
    public static readonly AbiFunction Reserved = AbiFunction.Parse("function reserved(address token) view returns (uint256)");
    public static readonly AbiFunction Budget = AbiFunction.Parse("function budget(address token) view returns (uint256)");
    public static readonly AbiFunction BudgetSpent = AbiFunction.Parse("function budgetSpent(address token) view returns (uint256)");
    public static readonly AbiFunction PeriodLimit =
        AbiFunction.Parse("function periodLimit(address token) view returns (uint256 limit, uint64 periodSeconds)");
    public static readonly AbiFunction ReleasedInPeriod =
        AbiFunction.Parse("function releasedInPeriod(address token) view returns (uint256)");
    public static readonly AbiFunction ProposedRecipient =
        AbiFunction.Parse("function proposedRecipient(bytes32 awardId) view returns (address)");
    public static readonly AbiFunction Treasury = AbiFunction.Parse("function treasury() view returns (address)");
    public static readonly AbiFunction IsPaused = AbiFunction.Parse("function paused() view returns (bool)");
    public static readonly AbiFunction HasRole = AbiFunction.Parse("function hasRole(bytes32 role, address account) view returns (bool)");

    /// <summary>Everything that the vault reverts with, for <see cref="RevertReason"/>.</summary>
    public static readonly IReadOnlyList<AbiError> Errors =
    [
        .. new[]
        {
            "error InvalidAddress(address value)",
            "error InvalidAmount()",
            "error InvalidSchedule(uint64 cliff, uint64 duration, uint32 tranches)",
            "error InvalidPeriod()",
            "error AwardExists(bytes32 awardId)",
            "error AwardUnknown(bytes32 awardId)",
            "error BudgetExceeded(address token, uint256 budget, uint256 spent, uint256 amount)",
            "error BalanceExceeded(address token, uint256 unreserved, uint256 amount)",
            "error DeadlinePassed(uint64 deadline, uint256 blockTimestamp)",
            "error AlreadySettled(bytes32 id)",
            "error AlreadyVoided(bytes32 id)",
            "error VestedExceeded(bytes32 awardId, uint256 payable_, uint256 released, uint256 amount)",
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

    public static readonly Hash32 AdminRole = Hash32.Zero;
    public static readonly Hash32 OperatorRole = Keccak256.Hash("OPERATOR_ROLE");
    public static readonly Hash32 ManagerRole = Keccak256.Hash("MANAGER_ROLE");
    public static readonly Hash32 GuardianRole = Keccak256.Hash("GUARDIAN_ROLE");

    private static readonly Hash32 ReleaseTypeHash = Keccak256.Hash("Release(v1)");
    private static readonly Hash32 ClawbackTypeHash = Keccak256.Hash("Clawback(v1)");
    private static readonly AbiType[] IdTypes =
        [.. "bytes32,uint256,address,bytes32,uint64,address,address,uint256".Split(',').Select(AbiType.Parse)];

    /// <summary>The name of a duty to pay, as the vault computes it; it settles at most once.</summary>
    public static Hash32 ReleaseId(
        long chainId, Address vault, Hash32 awardId, ulong seq, Address token, Address recipient, UInt256 amount) =>
        Id(ReleaseTypeHash, chainId, vault, awardId, seq, token, recipient, amount);

    /// <summary>The name of a duty to return tokens to the treasury, as the vault computes it; it settles at most once.</summary>
    public static Hash32 ClawbackId(
        long chainId, Address vault, Hash32 awardId, ulong seq, Address token, Address treasury, UInt256 amount) =>
        Id(ClawbackTypeHash, chainId, vault, awardId, seq, token, treasury, amount);

    private static Hash32 Id(params object[] parts) => Keccak256.Hash(AbiCodec.Encode(IdTypes, parts));
}
