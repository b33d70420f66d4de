using System.Text.Json.Serialization;
using Grants.Domain.Reinvestment.Loans;
using Grants.Domain.Reinvestment.Rebasing;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

/// <summary>A wallet of the award.</summary>
/// <param name="SinceBlock">Transactions after this block of its chain are watched.</param>
/// <param name="Joined">
/// It joined because it was new and the award's wallets alone paid it: nobody has signed for it, so that it speaks for nobody and is
/// barred from nothing.
/// </param>
/// <param name="ChainId">
/// Null on the chain that pays. The same address on the other chain is another wallet, and may be somebody else's.
/// </param>
public sealed record MonitoredWallet(
    Address Wallet,
    UInt256 OpeningBalance,
    long SinceBlock,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Joined = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? ChainId = null);

/// <content>The wallets of the award, on the chain that pays and on the other one.</content>
public sealed partial record ReinvestmentMonitor
{
    /// <summary>What the wallets on the other chain hold, base units.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public UInt256 LiquidElsewhere { get; init; }

    /// <summary>The wallets on the chain that pays.</summary>
    [JsonIgnore]
    public IEnumerable<MonitoredWallet> OwnChainWallets => Wallets.Where(wallet => wallet.ChainId is null);

    /// <summary>The wallets that somebody has signed for, on the chain that pays: these act and are acted upon.</summary>
    [JsonIgnore]
    public IEnumerable<Address> ProvenWallets => OwnChainWallets.Where(wallet => !wallet.Joined).Select(wallet => wallet.Wallet);

    /// <summary>The wallets on the other chain.</summary>
    [JsonIgnore]
    public IEnumerable<Address> WalletsElsewhere => Wallets.Where(wallet => wallet.ChainId is not null).Select(wallet => wallet.Wallet);

    public static Decision Decide(LinkWallet command, ReinvestmentMonitor? state)
    {
        if (state is null)
            return new NotFound("monitoring");
        var (wallet, chainId) = (command.Wallet.Wallet, command.Elsewhere?.ChainId);
        if (chainId is { } other && state.Policy.OtherChain?.ChainId != other)
            return new ChainNotJudged(other);
        if (state.Wallets.FirstOrDefault(known => known.Wallet == wallet && known.ChainId == chainId) is { } known)
        {
            // What it holds is in the books already, since it joined.
            return known.Joined
                ? Decision.Accept(new WalletLinked(command.AwardId, new WalletBalance(wallet, 0), command.LinkedBy, command.Block))
                : Decision.Nothing;
        }

        var isLinkable = chainId is null
            ? IsLinkable(wallet, state.Policy, state.Token, state.Vault, state.Treasury)
            : IsLinkable(wallet, On(state.Policy, state.Policy.OtherChain!), state.Policy.OtherChain!.Token, Address.Zero, Address.Zero);
        return isLinkable
            ? Decision.Accept(new WalletLinked(
                command.AwardId, command.Wallet, command.LinkedBy, command.Block, command.Elsewhere))
            : new WalletNotLinkable(wallet);
    }

    /// <summary>The wallets that are watched at a block of the chain that pays, and what is known of everybody else by then.</summary>
    public AwardScope ScopeAt(long block) => new(
        Token,
        Vault,
        Treasury,
        [.. OwnChainWallets.Where(wallet => wallet.SinceBlock < block).Select(wallet => wallet.Wallet)],
        WatchList.On(Policy, [.. Pursuit.Exchanges, .. Listed], block))
    {
        WalletsElsewhere = [.. WalletsElsewhere],
    };

    /// <summary>The same on the other chain of the policy, which has venues and labels of its own, no releases and no treasury.</summary>
    public AwardScope? ScopeElsewhere(long chainId, long block) => Policy.OtherChain is { } other && other.ChainId == chainId
        ? new AwardScope(
            other.Token,
            null,
            null,
            [.. Wallets.Where(wallet => wallet.ChainId == chainId && wallet.SinceBlock < block).Select(wallet => wallet.Wallet)],
            On(Policy, other))
        {
            WalletsElsewhere = [.. OwnChainWallets.Select(wallet => wallet.Wallet)],
        }
        : null;

    /// <summary>What a transaction is told by; null where it is of a chain of which the policy says nothing.</summary>
    internal AwardScope? ScopeOf(RecordTransaction command)
    {
        var positions = Ledger.Under(Convention.Floor).Positions;
        if (command.Clock is not null)
        {
            return ScopeElsewhere(command.Observations[0].Key.ChainId, command.Block.Number) is { } elsewhere
                ? elsewhere with { Positions = positions, SequencerLocks = SequencerLocks }
                : null;
        }

        var scope = ScopeAt(command.Block.Number);
        return scope with
        {
            LiquidityTokens = [.. LiquidityTokens],
            LiquiditySeen = LiquiditySeen,
            Loans = [.. Loans],
            Positions = positions,
            SequencerLocks = SequencerLocks,
            Lent = Lending.PrincipalOf(Ledger, scope.Policy),
            Stakes = RebasingStakes.Of(Ledger, scope.Policy),
        };
    }

    private static ReinvestmentPolicy On(ReinvestmentPolicy policy, OtherChain other) =>
        policy with { Venues = other.Venues, Labels = other.Labels, OtherChain = null };

    private static bool IsLinkable(Address wallet, ReinvestmentPolicy policy, Address token, Address vault, Address treasury) =>
        !wallet.IsZero
        && wallet != token
        && wallet != vault
        && wallet != treasury
        && policy.VenueAt(wallet) is null
        && policy.LabelOf(wallet) is null;

    private ReinvestmentMonitor With(WalletLinked linked)
    {
        var (wallet, chainId) = (linked.Wallet, linked.Elsewhere?.ChainId);
        if (Wallets.Find(known => known.Wallet == wallet.Wallet && known.ChainId == chainId) is { } joined)
            return this with { Wallets = Wallets.Replace(joined, joined with { Joined = false }) };
        var at = linked.Block.TimestampSeconds;
        return this with
        {
            Wallets = Wallets.Add(new MonitoredWallet(
                wallet.Wallet, wallet.Amount, (linked.Elsewhere?.Block ?? linked.Block).Number, ChainId: chainId)),
            Ledger = Passed(at).ApplyOpeningBalance(wallet.Wallet, wallet.Amount, at, chainId),
            LiquidElsewhere = chainId is null ? LiquidElsewhere : LiquidElsewhere + wallet.Amount,
        };
    }
}
