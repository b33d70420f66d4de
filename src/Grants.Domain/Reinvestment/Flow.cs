using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

/// <summary>
/// What a movement of the incentive token, or of a venue's shares, is. The order is the order in which flows that rest on
/// the same log are posted.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<FlowKind>))]
public enum FlowKind
{
    /// <summary>The vault paid.</summary>
    Release = 0,

    /// <summary>Tokens came from anybody else: a purchase, a gift, yield.</summary>
    OwnIn = 1,

    /// <summary>Tokens were put to work in a venue.</summary>
    Open = 2,

    /// <summary>Locked tokens began to leave: they are still held but no longer at work.</summary>
    UnlockStarted = 3,

    /// <summary>Shares of a venue came in for which no token was seen to leave.</summary>
    SharesIn = 4,

    /// <summary>Tokens came back from a venue. With no shares: what had begun to leave a lock has arrived.</summary>
    Close = 5,

    /// <summary>
    /// Shares of a venue were sold: the position is closed at its principal, and as much is sold as the amount, what they
    /// brought in the incentive token, falls short of it.
    /// </summary>
    SharesSold = 6,

    /// <summary>Shares of a venue went to somebody unknown.</summary>
    SharesOut = 7,

    Sale = 8,

    BridgeOut = 9,

    ExchangeOut = 10,

    /// <summary>Tokens went to an address of which nothing is known.</summary>
    Unknown = 11,

    /// <summary>Tokens went where the policy lets them be spent.</summary>
    Spent = 12,

    Gas = 13,

    /// <summary>Tokens went back to the treasury.</summary>
    Return = 14,

    /// <summary>What is borrowed against a venue's position is now the amount.</summary>
    Debt = 15,

    /// <summary>Between two wallets of the award: nothing changed.</summary>
    Internal = 16,

    /// <summary>
    /// What a venue holds became worth so much less than was put in, though nothing was taken out: a rebase took it, as a slashing does.
    /// </summary>
    Loss = 17,

    /// <summary>Tokens that had gone over a bridge came out on the other chain, in a wallet of the award.</summary>
    BridgeIn = 18,
}

/// <summary>One classified movement of the incentive token, or of a venue's shares, by an award's wallets.</summary>
/// <param name="Id">Follows from the evidence and the kind; the same log gives the same id.</param>
/// <param name="Wallet">The award's wallet.</param>
/// <param name="Counterparty">The other side.</param>
/// <param name="Venue">Where a position changed.</param>
/// <param name="Amount">Base units of the incentive token.</param>
/// <param name="Shares">Base units of the venue's token; one for one in a lock.</param>
/// <param name="Evidence">The log that it rests on.</param>
/// <param name="Why">The rule that told the kind, as a sentence.</param>
/// <param name="CountsFrom">
/// Seconds since 1970 from which on what went to somebody unknown counts as gone, unless it is known by then, or what went over a bridge,
/// unless it has come out; null where at once.
/// </param>
/// <param name="ScaledShares">
/// Where balances of the venue's token grow by themselves: what of it does not, the scaled balance of Aave or the shares of Lido. Null
/// elsewhere, and in flows of before.
/// </param>
/// <param name="SequencerId">Whose lock changed, where the venue is a lock of sequencers.</param>
public sealed record Flow(
    string Id,
    FlowKind Kind,
    Address Wallet,
    Address? Counterparty,
    Address? Venue,
    UInt256 Amount,
    UInt256 Shares,
    EventKey Evidence,
    string Why,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? CountsFrom = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] UInt256? ScaledShares = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] UInt256? SequencerId = null);
