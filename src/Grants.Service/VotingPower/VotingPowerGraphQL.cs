using System.ComponentModel;
using Grants.Domain.Programs;
using Grants.Domain.VotingPower;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.History;
using Grants.Service.Hosting;
using Grants.Service.VotingPower.Delegates;
using GraphQL;
using GraphQL.Types;
using Marten;
using Wolverine;

namespace Grants.Service.VotingPower;

public sealed record DelegateStatementInput(
    string Space,
    Address Delegate,
    [property: Description("Markdown, at most 10,000 characters; empty to withdraw the last statement.")] string Statement,
    [property: Description("Higher than that of the delegate's last statement.")] UInt256 Nonce,
    [property: Description("Seconds since 1970, at most a week ahead: from then on it is not accepted any more.")] long ExpiresAt)
{
    public DelegateStatement ToStatement() => new(Space, Delegate, Statement, Nonce, ExpiresAt);
}

public sealed record PublishDelegateStatementInput(
    [property: Description("Chosen by the client; returned as given. The same signed statement is the same act, whatever the key.")]
    string ClientMutationId,
    DelegateStatementInput Statement,
    [property: Description("The delegate's signature of the typed data, hexadecimal.")] string Signature) : IMutationInput;

public static class VotingPowerGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        ExtendDelegates(query);
        ExtendStatements(query);
        mutation.AddMutation<PublishDelegateStatementInput, DelegateStatementGraphType>(
            "publishDelegateStatement",
            "statement",
            "Publishes a delegate's signed statement, or withdraws it. The signature is the authority: no session is needed.",
            PublishAsync);
    }

    private static void ExtendDelegates(ObjectGraphType query)
    {
        query.Field<DelegateGraphType>("delegate")
            .Description("How an account stands under the rules of a program; null where there is no such program.")
            .Argument<NonNullGraphType<StringGraphType>>("programId")
            .Argument<NonNullGraphType<AddressScalar>>("address")
            .ResolveAsync(async context => (await BookAsync(context))?.Of(context.GetArgument<Address>("address")));
        query.AddKeysetConnection<DelegateStanding, DelegateGraphType>(
            "delegates",
            "To whom others delegate under the rules of a program, by power, as of the last final block, or of the last one until asOf.",
            [ProgramId(), Moment()],
            standing => $"{standing.Power}/{standing.Account}",
            DelegatesAsync);
        query.AddListConnection<Delegation, DelegationGraphType>(
            "delegations",
            "Every delegation there ever was under the rules of a program, or had been at asOf, in the order of the chain.",
            [
                ProgramId(),
                Moment(),
                new QueryArgument<AddressScalar> { Name = "delegate", Description = "Only those to this account." },
                new QueryArgument<AddressScalar> { Name = "delegator", Description = "Only those of this account." },
                new QueryArgument<BooleanGraphType> { Name = "standing", Description = "Only those that stand, or that do not." },
            ],
            DelegationsAsync);
    }

    private static void ExtendStatements(ObjectGraphType query)
    {
        query.AddConnection<DelegateProfile, DelegateStatementGraphType>(
            "delegateStatements",
            "The last statement of everybody who ever published one, by address.",
            [],
            profile => profile.Id,
            (_, profiles, after) => (after is null ? profiles : profiles.Where(profile => profile.Id.CompareTo(after) > 0))
                .OrderBy(profile => profile.Id));
        query.Field<NonNullGraphType<ListGraphType<NonNullGraphType<DelegateStatementGraphType>>>>("delegateStatementHistory")
            .Description("All statements and withdrawals of a delegate, the newest first, at most 100.")
            .Argument<NonNullGraphType<AddressScalar>>("delegate")
            .ResolveAsync(async context => await HistoryAsync(context));
        query.Field<NonNullGraphType<StringGraphType>>("delegateStatementTypedData")
            .Description("The EIP-712 typed data of a delegate's next statement, as JSON for eth_signTypedData_v4.")
            .Argument<NonNullGraphType<AddressScalar>>("delegate")
            .Argument<NonNullGraphType<StringGraphType>>("statement")
            .ResolveAsync(async context => await TypedDataAsync(context));
    }

    private static QueryArgument<NonNullGraphType<StringGraphType>> ProgramId() => new() { Name = "programId" };

    private static QueryArgument<InputType<AsOfInput>> Moment() => new() { Name = AsOf.Name, Description = AsOf.OfList };

    private static async Task<DelegateBook?> BookAsync(IResolveFieldContext context)
    {
        var programId = context.GetArgument<string>("programId");
        if (await context.LoadAsOfAsync<FundingProgram>(programId, FundingProgram.Evolve) is not { } program)
            return null;
        var (books, cancellation) = (context.Service<DelegateBooks>(), context.CancellationToken);
        if (AsOf.MomentOf(context) is not { } moment)
            return BookOf(await books.OfAsync(program.Terms, cancellation));
        return await context.Service<IQuerySession>().InstantAsync(moment, cancellation) is { } at
            ? BookOf(await books.OfAsync(program.Terms, at, cancellation))
            : null;
    }

    private static DelegateBook? BookOf((DelegateBook? Book, Domain.Rejection? Rejection) found) => found.Rejection is { } rejection
        ? throw new ProtocolError(rejection.Code, rejection.Message)
        : found.Book;

    private static async Task<IReadOnlyList<DelegateStanding>> DelegatesAsync(IResolveFieldContext context, int most, string? after)
    {
        var ranked = (await BookAsync(context))?.Ranked ?? [];
        if (after is null)
            return [.. ranked.Take(most)];
        if (after.Split('/') is not [var powerText, var accountText] || !UInt256.TryParse(powerText, out var power)
            || !Address.TryParse(accountText, out var account))
            throw new ProtocolError("BAD_USER_INPUT", "after is not a cursor of this list.");
        return
        [
            .. ranked.SkipWhile(one => one.Power > power || (one.Power == power && one.Account.CompareTo(account) <= 0)).Take(most),
        ];
    }

    private static async Task<IReadOnlyList<Delegation>> DelegationsAsync(IResolveFieldContext context)
    {
        var (named, delegator) = (context.GetArgument<Address?>("delegate"), context.GetArgument<Address?>("delegator"));
        var standing = context.GetArgument<bool?>("standing");
        var all = (await BookAsync(context))?.History ?? [];
        return
        [
            .. all.Where(one => (named is null || one.Delegate == named) && (delegator is null || one.Delegator == delegator)
                && (standing is null || one.RevokedAt is null == standing)),
        ];
    }

    private static async Task<IReadOnlyList<DelegateProfile>> HistoryAsync(IResolveFieldContext context)
    {
        var stream = DelegateProfile.StreamId(context.GetArgument<Address>("delegate"));
        var events = await context.Service<IQuerySession>().Events.FetchStreamAsync(stream, token: context.CancellationToken);
        return [.. events.Reverse().Take(100).Select(e => DelegateProfile.Evolve(null, e.Data)).OfType<DelegateProfile>()];
    }

    private static async Task<string> TypedDataAsync(IResolveFieldContext context)
    {
        var account = context.GetArgument<Address>("delegate");
        var last = await context.Service<IQuerySession>()
            .LoadAsync<DelegateProfile>(DelegateProfile.StreamId(account), context.CancellationToken);
        return context.Service<StatementDoor>().Next(
            context.Space(), account, context.GetArgument<string>("statement"), last?.Last.Nonce).ToJson();
    }

    private static async Task<(object? Result, Domain.Rejection? Rejection)> PublishAsync(
        IResolveFieldContext context, PublishDelegateStatementInput input)
    {
        var (command, refusal) = await context.Service<StatementDoor>().AdmitAsync(
            context.Space(), input.Statement.ToStatement(), input.Signature, context.CancellationToken);
        if (command is null)
            return (null, refusal);
        var result = await context.Service<IMessageBus>().InvokeAsync<CommandResult>(command, context.CancellationToken);
        return result.IsAccepted
            ? (await context.Service<IQuerySession>().LoadAsync<DelegateProfile>(
                DelegateProfile.StreamId(command.Signed.Delegate), context.CancellationToken), null)
            : (null, result.Rejection);
    }
}
