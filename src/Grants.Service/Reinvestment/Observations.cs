using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Liquidity;
using Grants.Domain.Reinvestment.Locks;
using Grants.Domain.Reinvestment.Rebasing;
using Grants.Domain.Reinvestment.Watching;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.Contracts.Bridges;
using Grants.Ethereum.Contracts.Lending;
using Grants.Ethereum.Contracts.Pools;
using Grants.Ethereum.Contracts.Tokens;
using Grants.Ethereum.Contracts.Treasuries;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Ingestion;

namespace Grants.Service.Reinvestment;

/// <summary>
/// Chain logs as the observations that the policy engine reads. Signatures collide, so that a log is read by its first
/// topic, its number of topics and its data; what fits nothing is nobody's observation, and hostile data goes no further.
/// </summary>
public static class Observations
{
    /// <summary>Those of a block, by transaction, in the order of the chain.</summary>
    public static IReadOnlyList<List<Observation>> InTransactionsOf(FinalizedBlock block) =>
    [
        .. block.Logs
            .Select(log => (log.TransactionHash, Observation: Of(log, block.KeyOf(log))))
            .Where(pair => pair.Observation is not null)
            .GroupBy(pair => pair.TransactionHash, pair => pair.Observation!)
            .Select(transaction => transaction.ToList()),
    ];

    public static Observation? Of(RpcLog log, EventKey key)
    {
        if (Erc20.Transfer.TryDecode(log, out var v))
            return new TokenTransferred(key, log.Address, (Address)v![0], (Address)v[1], (UInt256)v[2]);
        if (Erc20.Approval.TryDecode(log, out v))
            return new SpendingApproved(key, log.Address, (Address)v![0], (Address)v[1], (UInt256)v[2]);
        if (Erc4626.Deposit.TryDecode(log, out v))
            return new VaultDeposited(key, log.Address, (Address)v![1], (UInt256)v[2], (UInt256)v[3]);
        if (Erc4626.Withdraw.TryDecode(log, out v))
            return new VaultWithdrawn(key, log.Address, (Address)v![1], (Address)v[2], (UInt256)v[3], (UInt256)v[4]);
        if (LockingInfo.Locked.TryDecode(log, out v))
            return new SequencerLocked(key, log.Address, (Address)v![0], (UInt256)v[1], (UInt256)v[4]);
        if (LockingInfo.Relocked.TryDecode(log, out v))
            return new SequencerRelocked(key, log.Address, (UInt256)v![0], (UInt256)v[1]);
        if (LockingInfo.Withdraw.TryDecode(log, out v))
            return new SequencerWithdrawn(key, log.Address, (UInt256)v![0], (UInt256)v[1]);
        if (LockingInfo.UnlockInit.TryDecode(log, out v))
            return new SequencerUnlockStarted(key, log.Address, (Address)v![0], (UInt256)v[1], (UInt256)v[6]);
        if (LockingInfo.ClaimRewards.TryDecode(log, out v))
            return new SequencerRewardClaimed(key, log.Address, (UInt256)v![0], (Address)v[1], (UInt256)v[2]);
        if (UniswapV2Pair.Mint.TryDecode(log, out v))
            return new PoolMinted(key, log.Address, (Address)v![0], (UInt256)v[1], (UInt256)v[2]);
        if (UniswapV2Pair.Burn.TryDecode(log, out v))
            return new PoolBurned(key, log.Address, (Address)v![3], (UInt256)v[1], (UInt256)v[2]);
        if (UniswapV2Pair.Swap.TryDecode(log, out v))
            return new PoolSwapped(key, log.Address);
        return OfBridge(log, key) ?? OfRange(log, key) ?? OfLending(log, key) ?? OfRebasing(log, key) ?? OfControl(log, key);
    }

    private static Observation? OfBridge(RpcLog log, EventKey key) => StandardBridge.Logs.Read(log) switch
    {
        StandardBridge.WithdrawalInitiatedLog left => new BridgeWithdrawn(key, log.Address, left.L2Token, left.From, left.To, left.Amount),
        StandardBridge.DepositFinalizedLog came => new BridgeLanded(key, log.Address, came.L2Token, came.From, came.To, came.Amount),
        _ => L1StandardBridge.Logs.Read(log) switch
        {
            L1StandardBridge.Erc20DepositInitiatedLog left =>
                new BridgeWithdrawn(key, log.Address, left.L1Token, left.From, left.To, left.Amount),
            L1StandardBridge.Erc20WithdrawalFinalizedLog came =>
                new BridgeLanded(key, log.Address, came.L1Token, came.From, came.To, came.Amount),
            _ => OptimismBridge.Logs.Read(log) switch
            {
                OptimismBridge.Erc20BridgeInitiatedLog left =>
                    new BridgeWithdrawn(key, log.Address, left.LocalToken, left.From, left.To, left.Amount),
                OptimismBridge.Erc20BridgeFinalizedLog came =>
                    new BridgeLanded(key, log.Address, came.LocalToken, came.From, came.To, came.Amount),
                // The token is the bridge itself; one that locks another token is labelled, and known by the transfer to it.
                _ => LayerZeroOft.Logs.Read(log) is LayerZeroOft.OftSentLog sent
                    ? new BridgeWithdrawn(key, log.Address, log.Address, sent.FromAddress, Address.Zero, sent.AmountSentLD)
                    : null,
            },
        },
    };

    private static Observation? OfRange(RpcLog log, EventKey key)
    {
        if (AlgebraPositions.Logs.Read(log) is AlgebraPositions.IncreaseLiquidityLog grown)
            return new PositionIncreased(key, log.Address, grown.TokenId, grown.ActualLiquidity, grown.Amount0, grown.Amount1);
        return UniswapV3Positions.Logs.Read(log) switch
        {
            UniswapV3Positions.TransferLog moved => new PositionTransferred(key, log.Address, moved.From, moved.To, moved.TokenId),
            UniswapV3Positions.IncreaseLiquidityLog more =>
                new PositionIncreased(key, log.Address, more.TokenId, more.Liquidity, more.Amount0, more.Amount1),
            UniswapV3Positions.DecreaseLiquidityLog less =>
                new PositionDecreased(key, log.Address, less.TokenId, less.Liquidity, less.Amount0, less.Amount1),
            UniswapV3Positions.CollectLog paid =>
                new PositionCollected(key, log.Address, paid.TokenId, paid.Recipient, paid.Amount0, paid.Amount1),
            _ => UniswapV3Pool.Logs.Read(log) switch
            {
                UniswapV3Pool.FlashLog => new FlashLent(key, log.Address),
                UniswapV3Pool.SwapLog => new PoolSwapped(key, log.Address),
                UniswapV3Pool.MintLog minted => new RangeMinted(
                    key, log.Address, minted.Owner, minted.TickLower, minted.TickUpper, minted.Amount, minted.Amount0, minted.Amount1),
                _ => AlgebraPool.SwapWithPlugin.TryDecode(log, out _) ? new PoolSwapped(key, log.Address) : null,
            },
        };
    }

    private static ControlObserved? OfControl(RpcLog log, EventKey key)
    {
        ControlObserved Seen(ControlChange change, Address? account, UInt256? threshold = null) =>
            new(key, log.Address, change, account, threshold);
        return Safe.Logs.Read(log) switch
        {
            Safe.AddedOwnerLog added => Seen(ControlChange.OwnerAdded, added.Owner),
            Safe.AddedOwnerV3Log added => Seen(ControlChange.OwnerAdded, added.Owner),
            Safe.RemovedOwnerLog removed => Seen(ControlChange.OwnerRemoved, removed.Owner),
            Safe.RemovedOwnerV3Log removed => Seen(ControlChange.OwnerRemoved, removed.Owner),
            Safe.ChangedThresholdLog changed => Seen(ControlChange.ThresholdChanged, null, changed.Threshold),
            Safe.EnabledModuleLog enabled => Seen(ControlChange.ModuleEnabled, enabled.Module),
            Safe.EnabledModuleV3Log enabled => Seen(ControlChange.ModuleEnabled, enabled.Module),
            Safe.DisabledModuleLog disabled => Seen(ControlChange.ModuleDisabled, disabled.Module),
            Safe.DisabledModuleV3Log disabled => Seen(ControlChange.ModuleDisabled, disabled.Module),
            _ => null,
        };
    }

    private static Observation? OfRebasing(RpcLog log, EventKey key) => RebasingShares.Logs.Read(log) switch
    {
        RebasingShares.TransferSharesLog moved => new SharesTransferred(key, log.Address, moved.From, moved.To, moved.SharesValue),
        RebasingShares.SubmittedLog staked => new StakeSubmitted(key, log.Address, staked.Sender, staked.Amount),
        RebasingShares.SharesBurntLog burnt =>
            new SharesBurned(key, log.Address, burnt.Account, burnt.PreRebaseTokenAmount, burnt.SharesAmount),
        RebasingShares.TokenRebasedLog rebase => new TokenRebased(key, log.Address, rebase.PostTotalShares, rebase.PostTotalEther),
        _ => null,
    };

    private static Observation? OfLending(RpcLog log, EventKey key) =>
        AaveV3Token.Logs.Read(log) switch
        {
            AaveV3Token.MintLog minted =>
                new LendingMinted(key, log.Address, minted.OnBehalfOf, minted.Value, minted.BalanceIncrease, minted.Index),
            AaveV3Token.BurnLog burned =>
                new LendingBurned(key, log.Address, burned.From, burned.Target, burned.Value, burned.BalanceIncrease, burned.Index),
            AaveV3Token.BalanceTransferLog moved => new SharesTransferred(key, log.Address, moved.From, moved.To, moved.Value),
            _ => AaveV3Pool.Logs.Read(log) switch
            {
                AaveV3Pool.FlashLoanLog => new FlashLent(key, log.Address),
                AaveV3Pool.BorrowLog loan => new LoanChanged(key, log.Address, loan.Reserve, loan.OnBehalfOf, loan.Amount, false),
                AaveV3Pool.RepayLog paid => new LoanChanged(key, log.Address, paid.Reserve, paid.User, paid.Amount, true),
                AaveV3Pool.LiquidationCallLog call =>
                    new LoanChanged(key, log.Address, call.DebtAsset, call.User, call.DebtToCover, true),
                _ => null,
            },
        };
}
