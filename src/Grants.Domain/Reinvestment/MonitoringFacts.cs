using System.Text.Json.Serialization;
using Grants.Domain.Reinvestment.Judging;
using Grants.Domain.Reinvestment.Liquidity;
using Grants.Domain.Reinvestment.Pools;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

// --- Commands ---

/// <summary>A wallet and what it held of the incentive token at the block from which on it is watched, base units.</summary>
public sealed record WalletBalance(Address Wallet, UInt256 Amount);

/// <param name="Wallets">The recipient's; their balances are their own.</param>
/// <param name="Treasury">Where returned tokens go.</param>
/// <param name="Amount">The award's, base units.</param>
/// <param name="Block">The finalized block of the balances; what comes after it is watched.</param>
public sealed record StartMonitoring(
    Hash32 AwardId,
    IReadOnlyList<WalletBalance> Wallets,
    Address Token,
    Address Vault,
    Address Treasury,
    UInt256 Amount,
    ReinvestmentPolicy Policy,
    BlockRef Block);

/// <summary>Another wallet of the same person, who has proved that it is theirs.</summary>
/// <param name="LinkedBy">The wallet that asked for it.</param>
/// <param name="Block">The last finalized block of the chain that pays whose transactions are recorded.</param>
/// <param name="Elsewhere">Where the wallet is, with the like block there; null where it is on the chain that pays.</param>
public sealed record LinkWallet(
    Hash32 AwardId, WalletBalance Wallet, Address LinkedBy, BlockRef Block, OtherChainBlock? Elsewhere = null);

/// <summary>A finalized block of the other chain of a policy.</summary>
public sealed record OtherChainBlock(long ChainId, BlockRef Block);

/// <summary>One finalized transaction, whole. Transactions come in the order of the chain.</summary>
/// <param name="Fresh">
/// Those it pays that no earlier log names and that have no code at the block; null where nobody asked.
/// </param>
/// <param name="Clock">
/// Where it is of the other chain: the last final block of the chain that pays. There its flows take their place, and the order in which
/// they were told is the order for good.
/// </param>
public sealed record RecordTransaction(
    Hash32 AwardId, IReadOnlyList<Observation> Observations, BlockRef Block, ValueList<Address>? Fresh = null, BlockRef? Clock = null)
{
    /// <summary>The block of the chain that pays at which it is told.</summary>
    public BlockRef ToldAt => Clock ?? Block;
}

/// <summary>Holds the policy against the ledger after all transactions of a finalized block.</summary>
/// <param name="LaterHash">
/// The hash of a later block, which draws the checkpoints that nobody can foresee; null where none is known.
/// </param>
/// <param name="SecondsSince">Since the block that was asked about before.</param>
/// <param name="Pools">In which the award has positions, as final logs up to the block left them; null where nobody asked.</param>
/// <param name="Prices">Of pools with positions of the award, as the last swaps up to the block left them; null where nobody asked.</param>
public sealed record EvaluateCheckpoint(
    Hash32 AwardId, BlockRef Block, Hash32? LaterHash = null, long SecondsSince = 0, ValueList<PoolPrice>? Prices = null,
    ValueList<PoolDepth>? Pools = null);

/// <summary>Time stops counting, for instance because vesting is paused by no fault of the recipient's.</summary>
public sealed record PauseClock(Hash32 AwardId, string Reason, BlockRef Block);

public sealed record ResumeClock(Hash32 AwardId, string Reason, BlockRef Block);

/// <summary>Tells how far a block is from the one before it, before its transactions are recorded.</summary>
/// <param name="Before">Seconds since 1970 of the block before.</param>
public sealed record NoteBlock(Hash32 AwardId, long Before, BlockRef Block);

public sealed record AppealBreach(Hash32 AwardId, string BreachId, Address By, string Reason, DateTimeOffset At);

/// <param name="IsUpheld">Whether the breach is dismissed.</param>
public sealed record DecideAppeal(Hash32 AwardId, string BreachId, Address By, bool IsUpheld, string Reason, DateTimeOffset At);

/// <summary>A signer of the policy has signed for a sanction of a confirmed breach.</summary>
public sealed record SignSanction(Hash32 AwardId, string BreachId, SanctionKind Kind, Address Signer, string Reason);

// --- Events ---

public sealed record MonitoringStarted(
    Hash32 AwardId,
    IReadOnlyList<WalletBalance> Wallets,
    Address Token,
    Address Vault,
    Address Treasury,
    UInt256 Amount,
    ReinvestmentPolicy Policy,
    Hash32 PolicyHash,
    BlockRef Block);

public sealed record WalletLinked(
    Hash32 AwardId,
    WalletBalance Wallet,
    Address LinkedBy,
    BlockRef Block,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OtherChainBlock? Elsewhere = null);

/// <param name="Granted">How much of the flow was granted tokens.</param>
/// <param name="WithFlashLoan">Something was lent for the time of its transaction: what it shows may have been there for a moment.</param>
/// <param name="InOwnPool">
/// A pool of which the wallets hold more than half swapped it: a sale or a purchase all the same, but no volume of a market.
/// </param>
public sealed record FlowClassified(
    Hash32 AwardId,
    Flow Flow,
    GrantParts Granted,
    BlockRef Block,
    bool WithFlashLoan = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool InOwnPool = false)
{
    /// <summary>Whether it was on the other chain: the block is the last one of the chain that pays by then.</summary>
    [JsonIgnore]
    public bool IsElsewhere => Flow.Evidence.BlockHash != Block.Hash;
}

/// <param name="Readings">One a convention.</param>
/// <param name="BrokenRules">What is broken as it is written, whether or not that was made good.</param>
/// <param name="Verdicts">One a rule; null in checkpoints of before policies had lists of rules.</param>
/// <param name="LabelVersion">The version of the space's list of venues and labels with which the flows were told.</param>
/// <param name="AdapterVersion">Which version of the rules of <see cref="Classification"/> told the flows.</param>
/// <param name="FlowCount">How many flows the numbers rest on.</param>
/// <param name="FlowRoot">The root of the <see cref="EvidenceTree"/> over their ids.</param>
/// <param name="Pools">What the wallets hold of pools, where the policy asks; null where there is none.</param>
public sealed record CheckpointEvaluated(
    Hash32 AwardId,
    string PolicyId,
    int PolicyVersion,
    IReadOnlyList<LedgerReading> Readings,
    IReadOnlyList<RuleKind> BrokenRules,
    BlockRef Block,
    IReadOnlyList<RuleVerdict>? Verdicts = null,
    Hash32 PolicyHash = default,
    int LabelVersion = 0,
    int AdapterVersion = 0,
    long FlowCount = 0,
    Hash32 FlowRoot = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ValueList<PoolShare>? Pools = null)
{
    internal bool IsBroken(Breach breach) => Verdicts is null
        ? BrokenRules.Contains(breach.Rule)
        : Verdicts.Any(verdict => verdict.RuleId == breach.BrokenRuleId && verdict.IsBroken);
}

/// <summary>Under <see cref="Convention.Prorata"/> a rule is broken that is kept under <see cref="Convention.Floor"/>.</summary>
public sealed record PolicyWarned(Hash32 AwardId, string RuleId, BasisPoints Limit, BasisPoints Prorata, string Why, BlockRef Block);

/// <param name="Breach">The breach as it opens.</param>
/// <param name="Why">What is wrong, and what would cure it.</param>
public sealed record BreachOpened(Hash32 AwardId, Breach Breach, string Why, BlockRef Block);

/// <param name="Credit">Base units made good since the opening.</param>
/// <param name="IsRuleKept">Whether the rule itself is kept again: then the breach is forgotten.</param>
/// <param name="RuleId">Null in events of before policies had lists of rules.</param>
public sealed record BreachCured(
    Hash32 AwardId, string BreachId, RuleKind Rule, UInt256 Credit, bool IsRuleKept, BlockRef Block, string? RuleId = null);

/// <param name="Outstanding">Base units that were not made good.</param>
/// <param name="EvidenceIds">The ids of the flows that it rests on.</param>
/// <param name="EvidenceRoot">The root of the <see cref="EvidenceTree"/> over them.</param>
public sealed record BreachConfirmed(
    Hash32 AwardId,
    string BreachId,
    RuleKind Rule,
    UInt256 Outstanding,
    IReadOnlyList<string> EvidenceIds,
    BlockRef Block,
    string? RuleId = null,
    Hash32 EvidenceRoot = default);

public sealed record BreachAppealed(Hash32 AwardId, string BreachId, Address By, string Reason, DateTimeOffset At);

/// <param name="Forgiven">Base units that are no longer missing; zero unless it is upheld.</param>
public sealed record AppealDecided(
    Hash32 AwardId, string BreachId, Address By, bool IsUpheld, string Reason, UInt256 Forgiven, DateTimeOffset At);

public sealed record SanctionSigned(Hash32 AwardId, string BreachId, SanctionKind Kind, Address Signer, string Reason);

/// <summary>What follows from a confirmed breach is to be done.</summary>
/// <param name="Share">Of what is unreleased, where it is clawed back.</param>
/// <param name="Programs">From which the wallets are barred; from all where empty and the kind is a blacklisting.</param>
/// <param name="Wallets">The award's.</param>
/// <param name="SignedBy">Who signed for it; nobody where the policy asks for none.</param>
/// <param name="Block">The finalized block on which it rests.</param>
public sealed record SanctionApplied(
    Hash32 AwardId,
    string BreachId,
    SanctionKind Kind,
    BasisPoints Share,
    ValueList<string> Programs,
    ValueList<Address> Wallets,
    ValueList<Address> SignedBy,
    Hash32 EvidenceRoot,
    BlockRef Block)
{
    /// <summary>What an order that follows from it is given as its reason; it tells the order from those that people give.</summary>
    [JsonIgnore]
    public string Reason => ReasonOf(BreachId);

    public static bool IsReason(string reason) => reason.StartsWith(ReasonOf(string.Empty), StringComparison.Ordinal);

    internal static string ReasonOf(string breachId) => $"Breach {breachId}";
}

/// <summary>A confirmed breach was cured: what can be taken back of its sanctions is.</summary>
public sealed record SanctionLifted(Hash32 AwardId, string BreachId, SanctionKind Kind, BlockRef Block)
{
    /// <inheritdoc cref="SanctionApplied.Reason"/>
    [JsonIgnore]
    public string Reason => SanctionApplied.ReasonOf(BreachId);
}

public sealed record ClockPaused(Hash32 AwardId, string Reason, BlockRef Block);

/// <summary>The clock runs again, and every deadline is so much later: the time between counted for nobody.</summary>
/// <param name="From">Seconds since 1970.</param>
public sealed record ClockResumed(Hash32 AwardId, string Reason, long From, BlockRef Block)
{
    internal long StoodSeconds => Block.TimestampSeconds - From;
}

// --- Rejections ---

public sealed record MonitoringExists(Hash32 AwardId)
    : Rejection("MONITORING_EXISTS", "This award is already monitored on other terms.");

public sealed record ChainNotJudged(long ChainId)
    : Rejection("CHAIN_NOT_JUDGED", $"The award's policy says nothing of chain {ChainId}: a wallet there is nothing to it.");

public sealed record WalletNotLinkable(Address Wallet)
    : Rejection("WALLET_NOT_LINKABLE", $"{Wallet} is a token, vault, treasury, venue or labelled address and can be nobody's wallet.");

public sealed record BreachNotOpen(BreachStatus Status)
    : Rejection("BREACH_NOT_OPEN", $"Only an open breach can be appealed; this one is {Status.ToString().ToLowerInvariant()}.");

public sealed record AppealExists() : Rejection("APPEAL_EXISTS", "This breach was appealed already, with another reason.");

public sealed record AppealMissing() : Rejection("APPEAL_MISSING", "Nobody has appealed this breach.");

public sealed record AppealIsDecided() : Rejection("APPEAL_DECIDED", "This appeal was decided already, and otherwise.");

public sealed record SanctionNotDue(SanctionKind Kind)
    : Rejection("SANCTION_NOT_DUE", $"The breach is not confirmed, or its rule knows no {Kind} to sign for.");

public sealed record RecipientBarred(Address Recipient, string ProgramId)
    : Rejection("RECIPIENT_BARRED", $"A confirmed breach bars {Recipient} from awards of {ProgramId}.");

public sealed record NotASigner(Address Account) : Rejection("NOT_A_SIGNER", $"The policy does not name {Account} as a signer of this.");
