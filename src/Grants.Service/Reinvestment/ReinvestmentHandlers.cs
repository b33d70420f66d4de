using Grants.Domain;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Judging;
using Grants.Domain.Reinvestment.Policies;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Grants.Service.Ingestion.Following;
using Grants.Service.Reinvestment.Balances;
using Marten;

namespace Grants.Service.Reinvestment;

/// <summary>Adds a wallet whose owner and whose award's recipient have both signed for it.</summary>
/// <param name="ChainId">Of the wallet; the chain that pays where it is null.</param>
public sealed record LinkProvenWallet(Hash32 AwardId, Address Wallet, Address LinkedBy, long? ChainId = null);

public static class ReinvestmentHandlers
{
    public static async Task<CommandResult> Handle(
        LinkProvenWallet command,
        IDocumentSession session,
        TokenBalances balances,
        ChainIdentity chain,
        FollowedChains chains,
        CancellationToken cancellation)
    {
        var streamId = ReinvestmentMonitor.StreamId(command.AwardId);
        if (await session.LoadAsync<ReinvestmentMonitor>(streamId, cancellation) is not { } monitor)
            return new NotFound("monitored award");

        // No block is promoted until this is committed: the balance and the first watched block belong together. The other chain's turn
        // comes first, as where its blocks are promoted.
        var (wallet, elsewhere) = (command.Wallet, (OtherChainBlock?)null);
        WalletBalance? balance = null;
        if (command.ChainId is { } chainId && chainId != chain.ChainId)
        {
            if (monitor.Policy.OtherChain is not { } other || other.ChainId != chainId
                || await chains.NodeAsync(other.ChainId, cancellation) is not { } node)
                return new ChainNotJudged(chainId);
            elsewhere = new OtherChainBlock(other.ChainId, await PromotionQueue.HoldAsync(session, other.ChainId, cancellation));
            balance = await new TokenBalances(node).AtAsync(other.Token, wallet, elsewhere.Block.Hash, cancellation);
        }

        var block = await PromotionQueue.HoldAsync(session, chain.ChainId, cancellation);
        balance ??= await balances.AtAsync(monitor.Token, wallet, block.Hash, cancellation);
        var link = new LinkWallet(command.AwardId, balance, command.LinkedBy, block, elsewhere);
        return await session.DecideAsync<ReinvestmentMonitor>(
            streamId, state => ReinvestmentMonitor.Decide(link, state), cancellation);
    }

    public static Task<CommandResult> Handle(LabelFlow command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<ReinvestmentMonitor>(
            ReinvestmentMonitor.StreamId(command.AwardId), state => ReinvestmentMonitor.Decide(command, state), cancellation);

    public static Task<CommandResult> Handle(AppealBreach command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<ReinvestmentMonitor>(
            ReinvestmentMonitor.StreamId(command.AwardId), state => ReinvestmentMonitor.Decide(command, state), cancellation);

    public static Task<CommandResult> Handle(DecideAppeal command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<ReinvestmentMonitor>(
            ReinvestmentMonitor.StreamId(command.AwardId), state => ReinvestmentMonitor.Decide(command, state), cancellation);

    public static Task<CommandResult> Handle(SignSanction command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<ReinvestmentMonitor>(
            ReinvestmentMonitor.StreamId(command.AwardId), state => ReinvestmentMonitor.Decide(command, state), cancellation);

    public static Task<CommandResult> Handle(LiftBlacklisting command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<ReinvestmentMonitor>(
            ReinvestmentMonitor.StreamId(command.AwardId), state => ReinvestmentMonitor.Decide(command, state), cancellation);

    public static Task<CommandResult> Handle(PauseClock command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<ReinvestmentMonitor>(
            ReinvestmentMonitor.StreamId(command.AwardId), state => ReinvestmentMonitor.Decide(command, state), cancellation);

    public static Task<CommandResult> Handle(ResumeClock command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<ReinvestmentMonitor>(
            ReinvestmentMonitor.StreamId(command.AwardId), state => ReinvestmentMonitor.Decide(command, state), cancellation);

    public static Task<CommandResult> Handle(AdoptPolicy command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<AdoptedPolicies>(
            AdoptedPolicies.StreamId(command.ProgramId), state => AdoptedPolicies.Decide(command, state), cancellation);
}
