using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Disbursements;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Hosting;
using GraphQL;
using GraphQL.Types;
using Marten;
using Microsoft.Extensions.Options;
using Wolverine;

namespace Grants.Service.Disbursements.Control;

public sealed record ApproveDisbursementInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 OrderId,
    [property: Description("Of the order's approvalTypedData, by the account that is signed in.")] string Signature) : IMutationInput;

public sealed record RejectDisbursementInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 OrderId,
    [property: Description("1 to 2,000 characters.")] string Reason) : IMutationInput;

public sealed record RetryDisbursementInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 OrderId,
    [property: Description("The order's failure as it was read: a later one is not meant.")] string Failure,
    [property: Description("Must be there. Its content is orderId and failure, with a space between.")]
    AuthorizationInput? Authorization) : IMutationInput;

public sealed record PauseTreasuryInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    [property: Description("1 to 2,000 characters.")] string Reason) : IMutationInput;

public sealed record ResumeTreasuryInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    [property: Description("The pause's instant as it was read: a later pause is not meant.")] DateTimeOffset PausedAt,
    [property: Description("Must be there. Its content is pausedAt, as the API writes it.")]
    AuthorizationInput? Authorization) : IMutationInput;

public sealed record SetTreasuryLimitsInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Address Token,
    [property: Description("Base units; from here on a payment waits for one person.")] UInt256 OneApprovalFrom,
    [property: Description("Base units; from here on it waits for two persons.")] UInt256 TwoApprovalsFrom,
    [property: Description("Base units.")] UInt256 MostPerOrder,
    [property: Description("Base units to one account within a day.")] UInt256 MostPerRecipient,
    [property: Description("Base units within a day.")] UInt256 MostPerDay,
    [property: Description("Must be there unless all limits are lower or equal. Its content is the token and the amounts that are given, "
        + "in the order of this input, with a space between.")]
    AuthorizationInput? Authorization,
    [property: Description("Base units of one program of a space within a day; null where a program may take all of the day.")]
    UInt256? MostPerProgram = null) : IMutationInput;

/// <summary>What approvers and guardians say to the treasury.</summary>
public static class ControlGraphQL
{
    private const int LongestReason = 2_000;

    public static void Extend(ObjectGraphType mutation)
    {
        AddOrderCommand<ApproveDisbursementInput>(
            mutation,
            "approveDisbursement",
            "Signs for an order that waits for approval. For approvers; two approvals are of two persons.",
            input => input.OrderId,
            ApproveAsync);
        AddOrderCommand<RejectDisbursementInput>(
            mutation,
            "rejectDisbursement",
            "Says that an order must not be paid as things stand. For approvers.",
            input => input.OrderId,
            (context, input, actor, _) => SendAsync(
                context, new RejectDisbursement(input.OrderId, actor, input.Reason, Now(context))));
        AddOrderCommand<RetryDisbursementInput>(
            mutation,
            "retryDisbursement",
            "Has an order tried again that failed or was rejected; approvals are asked for anew. For approvers.",
            input => input.OrderId,
            (context, input, actor, _) => context.AuthorizedAsync(
                actor, "retryDisbursement", $"{input.OrderId} {input.Failure}", input, input.Authorization, () => SendAsync(
                    context, new RetryDisbursement(input.OrderId, actor, input.Failure, Now(context)))));
        AddTreasuryCommand<PauseTreasuryInput>(
            mutation,
            "pauseTreasury",
            "Nothing is signed or sent from here on, on any node. For guardians and approvers. The vaults are paused by the guardian's "
                + "own wallet: see vaultPauseCall.",
            PauseAsync);
        AddTreasuryCommand<ResumeTreasuryInput>(
            mutation,
            "resumeTreasury",
            "Agrees that the treasury goes on; it does when two different persons have. For approvers.",
            (context, input, actor) => AsApproverAsync(context, actor, person => context.AuthorizedAsync(
                actor, "resumeTreasury", DateTimeScalar.TextOf(input.PausedAt), input, input.Authorization, () => SendAsync(
                    context, new ResumeTreasury(ChainId(context), person, actor, input.PausedAt, Now(context))))));
        AddTreasuryCommand<SetTreasuryLimitsInput>(
            mutation,
            "setTreasuryLimits",
            "Limits what is paid of a token. Lower limits count at once, others after a delay unless lower ones come first. For approvers.",
            (context, input, actor) => AsApproverAsync(context, actor, _ => SetLimitsAsync(context, input, actor)));
    }

    // Whoever stole a session may pause and lower, which harms nobody for long, and nothing else.
    private static async Task<CommandResult> SetLimitsAsync(IResolveFieldContext context, SetTreasuryLimitsInput input, Address actor)
    {
        var limits = LimitsOf(input);
        var command = new SetTreasuryLimits(
            ChainId(context), limits, actor, Now(context), Options(context).LimitsDelaySeconds, input.Authorization is not null);
        return input.Authorization is null
            ? await SendAsync(context, command)
            : await context.AuthorizedAsync(
                actor, "setTreasuryLimits", LineOf(limits), input, input.Authorization, () => SendAsync(context, command));
    }

    private static string LineOf(TreasuryLimits limits) => $"{limits.Token} {limits.OneApprovalFrom} {limits.TwoApprovalsFrom} "
        + $"{limits.MostPerOrder} {limits.MostPerRecipient} {limits.MostPerDay}"
        + (limits.MostPerProgram is { } most ? $" {most}" : "");

    private static TreasuryLimits LimitsOf(SetTreasuryLimitsInput input) => new(
        input.Token,
        input.OneApprovalFrom,
        input.TwoApprovalsFrom,
        input.MostPerOrder,
        input.MostPerRecipient,
        input.MostPerDay,
        input.MostPerProgram,
        IsOfSpace: true);

    private static async Task<CommandResult> ApproveAsync(
        IResolveFieldContext context, ApproveDisbursementInput input, Address actor, string person)
    {
        var id = Disbursement.StreamId(input.OrderId);
        if (await context.Service<IQuerySession>().LoadAsync<Disbursement>(id, context.CancellationToken) is not { } state)
            return new NotFound("disbursement");
        var digest = PaymentRules.Approval(state.Order).Digest();
        var (_, invalid) = await context.Service<AccountSignatures>().VerifyAsync(
            actor, digest, input.Signature, null, context.CancellationToken);
        if (invalid is not null)
            return new InvalidValue("signature", $"It is not {actor}'s of this order.");
        var approval = new DisbursementApproval(person, actor, digest, input.Signature, Now(context));
        return await SendAsync(context, new ApproveDisbursement(input.OrderId, approval));
    }

    private static async Task<CommandResult> PauseAsync(IResolveFieldContext context, PauseTreasuryInput input, Address actor)
    {
        if (Access(context).ApproverOf(actor) is null && !await context.IsGuardianAsync(actor))
            return new Forbidden("Only a guardian or an approver pauses the treasury.");
        return input.Reason.Length is 0 or > LongestReason
            ? new InvalidValue("reason", $"Must have 1 to {LongestReason} characters.")
            : await SendAsync(context, new PauseTreasury(ChainId(context), actor, input.Reason, Now(context)));
    }

    private static void AddOrderCommand<TInput>(
        ObjectGraphType mutation,
        string name,
        string description,
        Func<TInput, Hash32> orderId,
        Func<IResolveFieldContext, TInput, Address, string, Task<CommandResult>> run)
        where TInput : class, IMutationInput =>
        mutation.AddCommand<TInput, DisbursementGraphType>(
            name,
            "disbursement",
            description,
            (context, input, actor) => AsApproverAsync(context, actor, person => run(context, input, actor, person)),
            async (context, input, _) => await context.Service<IQuerySession>()
                .LoadAsync<Disbursement>(Disbursement.StreamId(orderId(input)), context.CancellationToken));

    private static void AddTreasuryCommand<TInput>(
        ObjectGraphType mutation,
        string name,
        string description,
        Func<IResolveFieldContext, TInput, Address, Task<CommandResult>> run)
        where TInput : class, IMutationInput =>
        mutation.AddCommand<TInput, TreasuryGraphType>(
            name, "treasury", description, run, async (context, _, _) => await TreasuryGraphType.LoadAsync(context));

    private static Task<CommandResult> AsApproverAsync(
        IResolveFieldContext context, Address actor, Func<string, Task<CommandResult>> run) =>
        Access(context).ApproverOf(actor) is { } person
            ? run(person)
            : Task.FromResult<CommandResult>(new Forbidden("Only an approver of the treasury may do this."));

    private static Task<CommandResult> SendAsync(IResolveFieldContext context, object command) =>
        context.Service<IMessageBus>().InvokeAsync<CommandResult>(command, context.CancellationToken);

    private static AccessOptions Access(IResolveFieldContext context) => context.Service<IOptions<AccessOptions>>().Value;

    private static TreasuryOptions Options(IResolveFieldContext context) => context.Service<IOptions<TreasuryOptions>>().Value;

    private static long ChainId(IResolveFieldContext context) => context.Service<ChainIdentity>().ChainId;

    // To the millisecond, as the API writes it: an instant that was read names the same one when it is sent back.
    private static DateTimeOffset Now(IResolveFieldContext context) =>
        DateTimeOffset.FromUnixTimeMilliseconds(context.Service<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds());
}
