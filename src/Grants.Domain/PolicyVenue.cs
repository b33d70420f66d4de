using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain;

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
