using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Rebasing;

/// <summary>
/// Lido's <c>TransferShares</c> and Aave's <c>BalanceTransfer</c>: the transfer before it, in shares, which do not grow by themselves.
/// </summary>
public sealed record SharesTransferred(EventKey Key, Address Token, Address From, Address To, UInt256 Shares) : Observation(Key)
{
    internal bool Tells(TokenTransferred transfer) =>
        (Token, From, To) == (transfer.Token, transfer.From, transfer.To) && transfer.Key.LogIndex < Key.LogIndex;
}

/// <summary>Lido's <c>Submitted</c>: the sender staked an amount, for shares that are minted to it.</summary>
public sealed record StakeSubmitted(EventKey Key, Address Venue, Address Sender, UInt256 Amount) : Observation(Key);

/// <summary>Lido's <c>SharesBurnt</c>.</summary>
/// <param name="Amount">What they were worth before they were burnt.</param>
public sealed record SharesBurned(EventKey Key, Address Venue, Address Owner, UInt256 Amount, UInt256 Shares) : Observation(Key);

/// <summary>Lido's <c>TokenRebased</c>: so many shares are worth so much from here on.</summary>
public sealed record TokenRebased(EventKey Key, Address Venue, UInt256 TotalShares, UInt256 TotalAmount) : Observation(Key);

/// <summary>What an award has in one token that rebases.</summary>
/// <param name="Principal">Base units of the incentive token, own and granted together.</param>
public sealed record RebasingStake(Address Venue, UInt256 Shares, UInt256 Principal)
{
    /// <summary>Base units of the incentive token: ⌊shares·amount/all shares⌋.</summary>
    internal UInt256 WorthAfter(TokenRebased rebase) =>
        rebase.TotalShares.IsZero ? UInt256.Zero : UInt256.MulDiv(Shares, rebase.TotalAmount, rebase.TotalShares);
}
