using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain;

/// <summary>What a rule measures, and whether its limit is the most or the least.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RuleKind>))]
public enum RuleKind
{
    /// <summary>The most of what was released that may be sold, bridged out or sent away: disposalBps.</summary>
    MaxDisposal = 0,

    /// <summary>The least of it that must be at work, on average over the window: twrrBps.</summary>
    MinTimeWeightedReinvestment = 1,

    /// <summary>The most of it that may be sold: sellBps.</summary>
    MaxSale = 2,

    /// <summary>The least of it that must be held, liquid or at work, on average over the window: retentionBps.</summary>
    MinRetention = 3,

    /// <summary>The least of it that must be at work at a checkpoint: reinvestBps. A moment proves little: it only warns.</summary>
    MinReinvestment = 4,
}

/// <summary>Over which time a rule measures.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RuleWindow>))]
public enum RuleWindow
{
    SinceRelease = 0,

    /// <summary>The last so many seconds, begun at the day's mark before.</summary>
    Rolling = 1,

    /// <summary>
    /// Pieces of so many seconds, counted from the first release. A most is judged in the running one, a least over the last
    /// one that is over.
    /// </summary>
    Epoch = 2,
}

/// <summary>What follows from a breach, mildest first. The first two act while it is open, the others once it is confirmed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SanctionKind>))]
public enum SanctionKind
{
    Warn = 0,

    /// <summary>No tranche is released.</summary>
    Gate = 1,

    /// <summary>Vesting stands still.</summary>
    Pause = 2,

    /// <summary>A share of what is unreleased goes back to the treasury.</summary>
    ClawBackUnreleased = 3,

    /// <summary>The wallets get no award of the programs.</summary>
    Blacklist = 4,
}

/// <summary>One rung of a ladder.</summary>
/// <param name="Share">How much of what is unreleased is clawed back; the whole for every other kind.</param>
/// <param name="SignaturesRequired">How many of the signers must sign before it is applied; none where 0.</param>
/// <param name="Signers">Who may sign a claw back or a blacklisting.</param>
/// <param name="Programs">From which programs a blacklisted wallet is barred; from all where empty.</param>
public sealed record PolicySanction(
    SanctionKind Kind, BasisPoints Share, int SignaturesRequired, ValueList<Address> Signers, ValueList<string> Programs)
{
    public static PolicySanction Of(SanctionKind kind) => new(kind, new BasisPoints(BasisPoints.Whole), 0, [], []);
}

/// <param name="RuleId">Unique in its policy; what a breach names.</param>
/// <param name="Limit">The most or the least, by the kind.</param>
/// <param name="VenueKind">The one kind of venue that counts for <see cref="RuleKind.MinReinvestment"/>; all where null.</param>
/// <param name="WindowSeconds">Zero where the window is since the first release.</param>
/// <param name="GraceSeconds">After the first release, before the rule is judged.</param>
/// <param name="CurePeriodSeconds">From the opening of a breach until it can no longer be cured.</param>
/// <param name="AppealSeconds">After the cure period, in which a breach may still be appealed; it is confirmed after that.</param>
/// <param name="Ladder">What follows, mildest first.</param>
/// <param name="LastsSeconds">After the first release, until the rule opens no more breaches; zero where it lasts for good.</param>
/// <param name="DriftCounts">Whether a most counts what a price has sold out of positions between prices, until it comes back.</param>
/// <param name="PledgingCounts">Whether a most counts what is borrowed against as gone: a pledge can become a sale.</param>
public sealed record PolicyRule(
    string RuleId,
    RuleKind Kind,
    BasisPoints Limit,
    VenueKind? VenueKind,
    RuleWindow Window,
    long WindowSeconds,
    long GraceSeconds,
    long CurePeriodSeconds,
    long AppealSeconds,
    ValueList<PolicySanction> Ladder,
    long LastsSeconds = 0,
    bool PledgingCounts = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool DriftCounts = false)
{
    [JsonIgnore]
    public bool IsMost => Kind is RuleKind.MaxDisposal or RuleKind.MaxSale;

    public PolicySanction? Rung(SanctionKind kind) => Ladder.FirstOrDefault(rung => rung.Kind == kind);
}

/// <summary>What kind of contract a venue is: how tokens are seen to enter and to leave it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VenueKind>))]
public enum VenueKind
{
    /// <summary>Tokens are locked one for one, as a sequencer's stake; leaving takes two steps.</summary>
    Lock = 0,

    /// <summary>An ERC-4626 vault: the venue's address is the share token.</summary>
    Vault = 1,

    /// <summary>A Uniswap V2 pair: the venue's address is the LP token.</summary>
    Pool = 2,

    /// <summary>A deposit in a lending market, as Aave v3 has it: the venue's address is the aToken.</summary>
    Lending = 3,

    /// <summary>
    /// A pool with liquidity between prices, as Uniswap v3 and Algebra have it: the venue's address is the pool, and its positions are
    /// tokens of a manager.
    /// </summary>
    Range = 4,

    /// <summary>A staked token whose balances follow what the stake is worth, as Lido has it: the venue's address is the token.</summary>
    Rebasing = 5,
}

/// <summary>What an address outside the award's wallets is known to be.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AddressKind>))]
public enum AddressKind
{
    Bridge = 0,
    Exchange = 1,
    Treasury = 2,

    /// <summary>The pool of a lending market, whose loans the deposits in the lending venue secure.</summary>
    LendingPool = 3,

    /// <summary>Where tokens may be spent: who distributes them to users, an auditor.</summary>
    Spending = 4,

    /// <summary>Whose tokens are the positions in pools of the kind <see cref="VenueKind.Range"/>.</summary>
    PositionManager = 5,
}

/// <summary>A contract in which tokens count as put to work.</summary>
/// <param name="Address">The contract, and the share token where the kind has one.</param>
/// <param name="Weight">The share of a position that counts.</param>
/// <param name="Cap">The most of this venue that counts, as a share of all that was released.</param>
/// <param name="MinHoldSeconds">How old a deposit must be before it counts.</param>
public sealed record PolicyVenue(Address Address, VenueKind Kind, BasisPoints Weight, BasisPoints Cap, long MinHoldSeconds);

/// <summary>
/// The chain besides the one that pays, where the same token is put to work too: sequencers' locks are on L1, awards are paid on L2. The
/// award's wallets there are other ones, each linked by itself.
/// </summary>
/// <param name="ChainId">EIP-155; not the chain that pays.</param>
/// <param name="Token">The incentive token there.</param>
/// <param name="LandsWithinSeconds">
/// From the block in which tokens enter a bridge, on either side, until the block by which they must have come out on the other, in a
/// wallet of the award: till then they are neither held nor gone, and gone after that.
/// </param>
/// <param name="Venues">Of the kinds <see cref="VenueKind.Lock"/> and <see cref="VenueKind.Vault"/>.</param>
/// <param name="Labels">The bridge on that side among them.</param>
public sealed record OtherChain(
    long ChainId, Address Token, long LandsWithinSeconds, ValueList<PolicyVenue> Venues, ValueList<LabelledAddress> Labels);

/// <summary>An address and what it is known to be.</summary>
public sealed record LabelledAddress(Address Address, AddressKind Kind);

/// <summary>When the rules are judged besides once a day and after every flow.</summary>
/// <param name="ExtraPerDay">How many more checkpoints a day, on average, that nobody can foresee: a later block's hash draws them.</param>
/// <param name="HaltAfterSeconds">
/// Two blocks that are further apart say that the chain stood still: that time counts for nobody. Zero where no distance says so.
/// </param>
public sealed record PolicyCheckpoints(int ExtraPerDay, long HaltAfterSeconds);

/// <summary>
/// When tokens that went to somebody unknown count as gone. Until then they are followed, and a wallet that is new and was paid by nobody
/// else joins the award's.
/// </summary>
/// <param name="Hops">How often they may be passed on: the last time they count.</param>
/// <param name="Seconds">How long after they left.</param>
public sealed record PolicyUnknowns(int Hops, long Seconds)
{
    /// <summary>What a text says that says nothing of it: twice, and as long as a grantee may label a flow.</summary>
    public static PolicyUnknowns Usual { get; } = new(2, 7 * PolicyLimits.Day);
}

/// <summary>What of pools counts, of every venue of the kinds <see cref="VenueKind.Pool"/> and <see cref="VenueKind.Range"/>.</summary>
/// <param name="OwnShare">
/// The most that the wallets may hold of a pool's liquidity: what they hold beyond it counts for nothing. The whole where nothing limits.
/// </param>
/// <param name="PairTokens">Against which tokens a pool counts; against any where empty.</param>
public sealed record PolicyPools(BasisPoints OwnShare, ValueList<Address> PairTokens);
