using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Judging;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Api.History;
using Grants.Service.Hosting;
using GraphQL;
using GraphQL.Types;
using Marten;
using Wolverine;

namespace Grants.Service.Reinvestment;

/// <summary>What the input of every act on a breach carries.</summary>
public interface IBreachInput : IMutationInput
{
    string BreachId { get; }
}

public sealed record AppealBreachInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    string BreachId,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason) : IBreachInput;

public sealed record DecideAppealInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    string BreachId,
    [property: Description("Whether the breach is dismissed.")] bool IsUpheld,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason) : IBreachInput;

public sealed record SignSanctionInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    string BreachId,
    SanctionKind Kind,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason,
    [property: Description("The signer's signature of sanctionTypedData.")] string Signature) : IBreachInput;

public sealed record LiftBlacklistingInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    string BreachId,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason) : IBreachInput;

/// <summary>What people do about a breach: appeal it, decide that, sign for what follows. Always with a reason.</summary>
public static class BreachesGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        query.Field<BreachGraphType>("breach")
            .Description("One breach, which explains itself in sentences.")
            .Argument<NonNullGraphType<StringGraphType>>("breachId")
            .Argument<InputType<AsOfInput>>(AsOf.Name, AsOf.Description)
            .ResolveAsync(async context => await LoadAsync(context, context.GetArgument<string>("breachId")));
        query.Field<StringGraphType>("sanctionTypedData")
            .Description("What a signer of the policy signs for a sanction, as JSON for eth_signTypedData_v4; null for an unknown breach.")
            .Argument<NonNullGraphType<StringGraphType>>("breachId")
            .Argument<NonNullGraphType<EnumerationGraphType<SanctionKind>>>("kind")
            .ResolveAsync(async context => await LoadAsync(context, context.GetArgument<string>("breachId")) is { } breach
                ? DataOf(context, breach, context.GetArgument<SanctionKind>("kind")).ToJson()
                : null);
        Add<AppealBreachInput>(
            mutation,
            "appealBreach",
            "Says why a breach is none. For the award's wallets; nothing is taken before it is decided.",
            AppealAsync);
        Add<DecideAppealInput>(mutation, "decideAppeal", "Upholds an appeal or turns it down. For guardians.", DecideAsync);
        Add<SignSanctionInput>(
            mutation, "signSanction", "Signs for a sanction of a confirmed breach. For the signers that the policy names.", SignAsync);
        Add<LiftBlacklistingInput>(
            mutation,
            "liftBlacklisting",
            "Bars the wallets of an award no longer, where what was listed later speaks against their blacklisting. For program managers.",
            LiftAsync);
    }

    private static void Add<TInput>(
        ObjectGraphType mutation,
        string name,
        string description,
        Func<IResolveFieldContext, TInput, Address, BreachView, Task<CommandResult>> run)
        where TInput : class, IBreachInput =>
        mutation.AddCommand<TInput, BreachGraphType>(
            name,
            "breach",
            description,
            async (context, input, actor) => await LoadAsync(context, input.BreachId) is { } breach
                ? await run(context, input, actor, breach)
                : new NotFound("breach"),
            async (context, input, _) => await LoadAsync(context, input.BreachId));

    private static async Task<CommandResult> AppealAsync(
        IResolveFieldContext context, AppealBreachInput input, Address actor, BreachView breach)
    {
        var awardId = breach.Opened.AwardId;
        var monitor = await context.Service<IQuerySession>()
            .LoadAsync<ReinvestmentMonitor>(ReinvestmentMonitor.StreamId(awardId), context.CancellationToken);
        return monitor!.ProvenWallets.Contains(actor)
            ? await SendAsync(context, new AppealBreach(awardId, input.BreachId, actor, input.Reason, Now(context)))
            : new NotFound("breach");
    }

    private static async Task<CommandResult> DecideAsync(
        IResolveFieldContext context, DecideAppealInput input, Address actor, BreachView breach) =>
        await context.IsGuardianAsync(actor)
            ? await SendAsync(
                context,
                new DecideAppeal(breach.Opened.AwardId, input.BreachId, actor, input.IsUpheld, input.Reason, Now(context)))
            : new Forbidden("Only a guardian decides appeals.");

    private static async Task<CommandResult> SignAsync(
        IResolveFieldContext context, SignSanctionInput input, Address actor, BreachView breach)
    {
        var digest = DataOf(context, breach, input.Kind).Digest();
        var (_, rejection) = await context.Service<AccountSignatures>()
            .VerifyAsync(actor, digest, input.Signature, null, context.CancellationToken);
        return rejection
            ?? await SendAsync(context, new SignSanction(breach.Opened.AwardId, input.BreachId, input.Kind, actor, input.Reason));
    }

    private static async Task<CommandResult> LiftAsync(
        IResolveFieldContext context, LiftBlacklistingInput input, Address actor, BreachView breach)
    {
        var awardId = breach.Opened.AwardId;
        var award = await context.Service<IQuerySession>().LoadAsync<Award>(Award.StreamId(awardId), context.CancellationToken);
        return await context.IsManagerAsync(actor, award?.Terms.ProgramId)
            ? await SendAsync(context, new LiftBlacklisting(awardId, input.BreachId, actor, input.Reason, Now(context)))
            : new Forbidden("Only a manager of the program lifts a blacklisting.");
    }

    private static Ethereum.TypedData.TypedData DataOf(IResolveFieldContext context, BreachView breach, SanctionKind kind) =>
        SanctionConsent.Of(
            context.Space(),
            breach.Opened.AwardId,
            breach.Breach.BreachId,
            kind,
            context.Service<ChainIdentity>().ChainId);

    private static Task<CommandResult> SendAsync(IResolveFieldContext context, object command) =>
        context.Service<IMessageBus>().InvokeAsync<CommandResult>(command, context.CancellationToken);

    private static DateTimeOffset Now(IResolveFieldContext context) => context.Service<TimeProvider>().GetUtcNow();

    /// <summary>As they stand now; each award's events are read once.</summary>
    internal static async Task<IEnumerable<BreachView>> LoadManyAsync(IResolveFieldContext context, IReadOnlyCollection<string> breachIds)
    {
        var found = new Dictionary<string, BreachView>();
        foreach (var awardId in breachIds.Select(BreachView.AwardOf).OfType<Hash32>().Distinct())
        {
            foreach (var breach in BreachView.Fold(await ReinvestmentGraphQL.EventsAsync(context, awardId)))
            {
                if (breachIds.Contains(breach.Breach.BreachId))
                    found[breach.Breach.BreachId] = breach;
            }
        }

        return found.Values;
    }

    private static async Task<BreachView?> LoadAsync(IResolveFieldContext context, string breachId) =>
        (await LoadManyAsync(context, [breachId])).SingleOrDefault();
}
