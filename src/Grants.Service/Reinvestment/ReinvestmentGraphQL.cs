using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Api.History;
using Grants.Service.Hosting;
using Grants.Service.Ingestion.Following;
using Grants.Service.Reinvestment.Histories;
using Grants.Service.Reinvestment.Positions;
using Grants.Service.Reinvestment.Sequencers;
using Grants.Service.Reinvestment.Watching;
using GraphQL;
using GraphQL.Types;
using Marten;
using Wolverine;

namespace Grants.Service.Reinvestment;

public sealed record LinkWalletInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 AwardId,
    [property: Description("The wallet that joins the recipient's.")] Address Wallet,
    [property: Description("The recipient's signature of linkWalletTypedData.")] string RecipientSignature,
    [property: Description("The wallet's signature of the same data.")] string WalletSignature,
    [property: Description("The chain of the wallet: the other one of the award's policy; the one that pays where it is left out.")]
    long? ChainId) : IMutationInput;

public static class ReinvestmentGraphQL
{
    internal static readonly QueryArguments OfAward =
        [new QueryArgument<NonNullGraphType<Bytes32Scalar>> { Name = "awardId" }];

    // Made anew for each schema: an input type that one has resolved is refused by the next in the same process.
    private static QueryArguments OfAwardThen =>
        [.. OfAward, new QueryArgument<InputType<AsOfInput>> { Name = AsOf.Name, Description = AsOf.Description }];

    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        BreachesGraphQL.Extend(query, mutation);
        PoliciesGraphQL.Extend(query, mutation);
        HistoriesGraphQL.Extend(query);
        PositionsGraphQL.Extend(query);
        WatchListGraphQL.Extend(query, mutation);
        SequencersGraphQL.Extend(query);
        query.Field<ReinvestmentGraphType>("reinvestment")
            .Description("What the wallets of an award did with what they were paid; null before the vault reserved it.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("awardId")
            .ResolveAsync(async context => await LoadAsync(context, context.GetArgument<Hash32>("awardId")));
        query.AddListConnection<FlowClassified, FlowGraphType>(
            "flows",
            "The classified movements of an award's tokens as they are told now, or were at asOf, in the order of the chain.",
            OfAwardThen,
            async context => Rerun.FlowsOf(await EventsAsync(context, AwardOf(context))));
        query.AddListConnection<BreachView, BreachGraphType>(
            "breaches",
            "The breaches of an award's policy, oldest first.",
            OfAwardThen,
            async context => BreachView.Fold(await EventsAsync(context, AwardOf(context))));
        query.Field<StringGraphType>("linkWalletTypedData")
            .Description("What recipient and wallet both sign to link it, as JSON for eth_signTypedData_v4; null for an unknown award.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("awardId")
            .Argument<NonNullGraphType<AddressScalar>>("wallet")
            .Argument<LongGraphType>("chainId", "Of the wallet; the chain that pays where it is left out.")
            .ResolveAsync(async context => (await LinkAsync(
                context,
                context.GetArgument<Hash32>("awardId"),
                context.GetArgument<Address>("wallet"),
                context.GetArgument<long?>("chainId")))?.Data.ToJson());
        mutation.AddCommand<LinkWalletInput, ReinvestmentGraphType>(
            "linkWallet",
            "reinvestment",
            "Links a wallet to the recipient's, so that moving tokens between them is no disposal.",
            LinkWalletAsync,
            async (context, input, _) => await LoadAsync(context, input.AwardId));
    }

    private static async Task<CommandResult> LinkWalletAsync(IResolveFieldContext context, LinkWalletInput input, Address actor)
    {
        if (await LinkAsync(context, input.AwardId, input.Wallet, input.ChainId) is not { } link
            || (actor != link.Recipient && actor != input.Wallet))
            return new NotFound("award");
        var (signatures, cancellation) = (context.Service<AccountSignatures>(), context.CancellationToken);
        var digest = link.Data.Digest();
        if ((await signatures.VerifyAsync(link.Recipient, digest, input.RecipientSignature, null, cancellation)).Rejection is { } recipient)
            return recipient;
        if (link.ChainId != link.PaidOn)
        {
            if (await context.Service<FollowedChains>().NodeAsync(link.ChainId, cancellation) is not { } node)
                return new ChainNotJudged(link.ChainId);
            signatures = new AccountSignatures(node);
        }

        if ((await signatures.VerifyAsync(input.Wallet, digest, input.WalletSignature, null, cancellation)).Rejection is { } wallet)
            return wallet;
        return await context.Service<IMessageBus>().InvokeAsync<CommandResult>(
            new LinkProvenWallet(input.AwardId, input.Wallet, actor, link.ChainId), cancellation);
    }

    private static async Task<(Address Recipient, Ethereum.TypedData.TypedData Data, long ChainId, long PaidOn)?> LinkAsync(
        IResolveFieldContext context, Hash32 awardId, Address wallet, long? chainId)
    {
        var award = await context.Service<IQuerySession>().LoadAsync<Award>(Award.StreamId(awardId), context.CancellationToken);
        if (award is null)
            return null;
        var paidOn = award.Terms.ChainId;
        return (
            award.Recipient,
            WalletLink.Of(context.Space(), awardId, award.Recipient, wallet, chainId ?? paidOn),
            chainId ?? paidOn,
            paidOn);
    }

    internal static Task<ReinvestmentMonitor?> LoadAsync(IResolveFieldContext context, Hash32 awardId) =>
        context.Service<IQuerySession>().LoadAsync<ReinvestmentMonitor>(ReinvestmentMonitor.StreamId(awardId), context.CancellationToken);

    /// <summary>All that was recorded of an award's wallets, oldest first; until a moment where the field asks for one.</summary>
    internal static async Task<IEnumerable<object>> EventsAsync(IResolveFieldContext context, Hash32 awardId)
    {
        var (session, stream) = (context.Service<IQuerySession>(), ReinvestmentMonitor.StreamId(awardId));
        return AsOf.MomentOf(context) is { } moment
            ? await session.EventsAsync(stream, moment, context.CancellationToken)
            : (await session.Events.FetchStreamAsync(stream, token: context.CancellationToken)).Select(e => e.Data);
    }

    /// <summary>The award that a field of <see cref="OfAward"/> is about.</summary>
    internal static Hash32 AwardOf(IResolveFieldContext context) => context.GetArgument<Hash32>("awardId");
}
