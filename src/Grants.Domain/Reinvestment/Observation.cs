using System.Text.Json.Serialization;
using Grants.Domain.Reinvestment.Liquidity;
using Grants.Domain.Reinvestment.Locks;
using Grants.Domain.Reinvestment.Rebasing;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

/// <summary>One log of a finalized transaction, typed. Amounts and shares are base units.</summary>
/// <param name="Key">Where the log is.</param>
[JsonDerivedType(typeof(TokenTransferred), "tokenTransferred")]
[JsonDerivedType(typeof(VaultDeposited), "vaultDeposited")]
[JsonDerivedType(typeof(VaultWithdrawn), "vaultWithdrawn")]
[JsonDerivedType(typeof(SequencerLocked), "sequencerLocked")]
[JsonDerivedType(typeof(SequencerRelocked), "sequencerRelocked")]
[JsonDerivedType(typeof(SequencerWithdrawn), "sequencerWithdrawn")]
[JsonDerivedType(typeof(SequencerUnlockStarted), "sequencerUnlockStarted")]
[JsonDerivedType(typeof(SequencerRewardClaimed), "sequencerRewardClaimed")]
[JsonDerivedType(typeof(PoolMinted), "poolMinted")]
[JsonDerivedType(typeof(PoolBurned), "poolBurned")]
[JsonDerivedType(typeof(PoolSwapped), "poolSwapped")]
[JsonDerivedType(typeof(BridgeWithdrawn), "bridgeWithdrawn")]
[JsonDerivedType(typeof(BridgeLanded), "bridgeLanded")]
[JsonDerivedType(typeof(LendingMinted), "lendingMinted")]
[JsonDerivedType(typeof(LendingBurned), "lendingBurned")]
[JsonDerivedType(typeof(LoanChanged), "loanChanged")]
[JsonDerivedType(typeof(FlashLent), "flashLent")]
[JsonDerivedType(typeof(PositionTransferred), "positionTransferred")]
[JsonDerivedType(typeof(PositionIncreased), "positionIncreased")]
[JsonDerivedType(typeof(PositionDecreased), "positionDecreased")]
[JsonDerivedType(typeof(PositionCollected), "positionCollected")]
[JsonDerivedType(typeof(RangeMinted), "rangeMinted")]
[JsonDerivedType(typeof(ControlObserved), "controlObserved")]
[JsonDerivedType(typeof(SpendingApproved), "spendingApproved")]
[JsonDerivedType(typeof(SharesTransferred), "sharesTransferred")]
[JsonDerivedType(typeof(StakeSubmitted), "stakeSubmitted")]
[JsonDerivedType(typeof(SharesBurned), "sharesBurned")]
[JsonDerivedType(typeof(TokenRebased), "tokenRebased")]
public abstract record Observation(EventKey Key);

/// <summary>ERC-20 <c>Transfer</c> of any token, share tokens included.</summary>
public sealed record TokenTransferred(EventKey Key, Address Token, Address From, Address To, UInt256 Amount) : Observation(Key);

/// <summary>ERC-4626 <c>Deposit</c>.</summary>
public sealed record VaultDeposited(EventKey Key, Address Venue, Address Owner, UInt256 Assets, UInt256 Shares) : Observation(Key);

/// <summary>ERC-4626 <c>Withdraw</c>. The receiver need not be the owner.</summary>
public sealed record VaultWithdrawn(EventKey Key, Address Venue, Address Receiver, Address Owner, UInt256 Assets, UInt256 Shares)
    : Observation(Key);

/// <summary>Metis LockingInfo <c>Locked</c>: a sequencer was made.</summary>
public sealed record SequencerLocked(EventKey Key, Address Venue, Address Signer, UInt256 SequencerId, UInt256 Amount) : Observation(Key);

/// <summary>
/// Metis LockingInfo <c>Relocked</c>: a lock grew, by new money and by compounded reward together; only transfers tell them apart.
/// </summary>
public sealed record SequencerRelocked(EventKey Key, Address Venue, UInt256 SequencerId, UInt256 Amount) : Observation(Key);

/// <summary>Metis LockingInfo <c>Withdraw</c>: a part of a lock was paid out at once.</summary>
public sealed record SequencerWithdrawn(EventKey Key, Address Venue, UInt256 SequencerId, UInt256 Amount) : Observation(Key);

/// <summary>
/// Metis LockingInfo <c>UnlockInit</c>: the whole lock is on its way out, and the tokens come only after a delay. The amount is the
/// reward that is paid at that moment, and says nothing of what was locked.
/// </summary>
public sealed record SequencerUnlockStarted(EventKey Key, Address Venue, Address User, UInt256 SequencerId, UInt256 Amount)
    : Observation(Key);

/// <summary>Uniswap V2 <c>Mint</c>.</summary>
public sealed record PoolMinted(EventKey Key, Address Pool, Address Sender, UInt256 Amount0, UInt256 Amount1) : Observation(Key);

/// <summary>Uniswap V2 <c>Burn</c>.</summary>
public sealed record PoolBurned(EventKey Key, Address Pool, Address To, UInt256 Amount0, UInt256 Amount1) : Observation(Key);

/// <summary>A <c>Swap</c> of any pool.</summary>
public sealed record PoolSwapped(EventKey Key, Address Pool) : Observation(Key);

/// <summary>
/// Aave v3 aToken <c>Mint</c>: of the value the increase is interest, and the rest was deposited; where the interest is more than the
/// value, the difference was withdrawn.
/// </summary>
/// <param name="Index">What a share is worth by then, a ray; zero where nobody read it.</param>
public sealed record LendingMinted(
    EventKey Key, Address Venue, Address Owner, UInt256 Value, UInt256 Increase, UInt256 Index = default) : Observation(Key);

/// <summary>Aave v3 aToken <c>Burn</c>: the value was withdrawn, and the increase, which is interest, before it.</summary>
/// <param name="Index">What a share is worth by then, a ray; zero where nobody read it.</param>
public sealed record LendingBurned(
    EventKey Key, Address Venue, Address Owner, Address Receiver, UInt256 Value, UInt256 Increase, UInt256 Index = default)
    : Observation(Key);

/// <summary>Aave v3 <c>Borrow</c>, <c>Repay</c>, and the debt that a <c>LiquidationCall</c> covers.</summary>
public sealed record LoanChanged(EventKey Key, Address Pool, Address Asset, Address Debtor, UInt256 Amount, bool IsRepaid)
    : Observation(Key);

/// <summary>Tokens were lent for the time of one transaction: <c>Flash</c> of Uniswap v3, <c>FlashLoan</c> of Aave v3.</summary>
public sealed record FlashLent(EventKey Key, Address Lender) : Observation(Key);

/// <summary>
/// A bridge took tokens for another chain: <c>WithdrawalInitiated</c>, <c>ERC20DepositInitiated</c>, <c>ERC20BridgeInitiated</c>,
/// <c>OFTSent</c>.
/// </summary>
/// <param name="From">Who had them, on this chain.</param>
/// <param name="To">Who is to get them, on the other; the zero address where the log does not say.</param>
public sealed record BridgeWithdrawn(EventKey Key, Address Bridge, Address Token, Address From, Address To, UInt256 Amount)
    : Observation(Key);

/// <summary>
/// A bridge gave out tokens that came from another chain: <c>DepositFinalized</c>, <c>ERC20WithdrawalFinalized</c>,
/// <c>ERC20BridgeFinalized</c>.
/// </summary>
/// <param name="From">Who had them, on the other chain.</param>
/// <param name="To">Who got them, on this one.</param>
public sealed record BridgeLanded(EventKey Key, Address Bridge, Address Token, Address From, Address To, UInt256 Amount)
    : Observation(Key);
