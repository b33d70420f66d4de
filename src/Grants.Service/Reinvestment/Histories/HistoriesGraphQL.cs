using Grants.Domain;
using Grants.Domain.Reinvestment.Policies;
using Grants.Domain.Reinvestment.Series;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Ingestion;
using GraphQL;
using GraphQL.Types;
using Marten;

namespace Grants.Service.Reinvestment.Histories;

/// <summary>Recorded history, asked again: what another policy would have led to, and what the awards have come to.</summary>
public static class HistoriesGraphQL
{
    public static void Extend(ObjectGraphType query)
    {
        query.Field<NonNullGraphType<ListGraphType<NonNullGraphType<SimulatedAwardGraphType>>>>("simulatePolicy")
            .Description(
                "Runs a draft over the recorded flows of a program's awards, and the policy that each owes: who would have been warned, "
                + "gated, clawed back, when and why. Signatures are taken as given, appeals as not made. Writes nothing.")
            .Argument<NonNullGraphType<StringGraphType>>("programId")
            .Argument<NonNullGraphType<StringGraphType>>(
                "policy", argument => argument.Description = "JSON after schema/policies/policy.schema.json.")
            .ResolveAsync(async context => await SimulateAsync(context));
        query.Field<NonNullGraphType<ListGraphType<NonNullGraphType<SeriesPointGraphType>>>>("ecosystem")
            .Description("Where the released tokens are, over time: of one program, or of all programs that pay a token.")
            .Argument<StringGraphType>("programId")
            .Argument<AddressScalar>("token")
            .Argument<NonNullGraphType<LongGraphType>>("from", argument => argument.Description = "Seconds since 1970.")
            .Argument<NonNullGraphType<LongGraphType>>("until", argument => argument.Description = "Seconds since 1970.")
            .Argument<NonNullGraphType<LongGraphType>>(
                "everySeconds", argument => argument.Description = $"At most {ProgramSeries.PointsMax} points.")
            .ResolveAsync(async context => await SeriesAsync(context));
    }

    private static async Task<IReadOnlyList<SimulatedAward>> SimulateAsync(IResolveFieldContext context)
    {
        var (policy, problems) = PolicyText.Read(context.GetArgument<string>("policy"));
        if (policy is null)
            throw new ProtocolError("BAD_USER_INPUT", string.Join('\n', problems));
        var (session, cancellation) = (context.Service<IQuerySession>(), context.CancellationToken);
        var awards = await AwardHistories.LoadAsync(session, context.GetArgument<string>("programId"), null, cancellation);
        var heads = await context.Service<ChainView>().HeadsAsync(context.Service<ChainIdentity>().ChainId, cancellation);
        return heads is null ? [] : [.. awards.Select(award => SimulatedAward.Of(award, policy, heads.Promoted))];
    }

    private static async Task<IReadOnlyList<SeriesPoint>> SeriesAsync(IResolveFieldContext context)
    {
        var (programId, token) = (context.GetArgument<string?>("programId"), context.GetArgument<Address?>("token"));
        if (programId is null == token is null)
            throw new ProtocolError("BAD_USER_INPUT", "Give programId or token.");
        var (from, until) = (context.GetArgument<long>("from"), context.GetArgument<long>("until"));
        var every = context.GetArgument<long>("everySeconds");
        if (from < 0 || until < from || until > PolicyLimits.SecondsMax * 100 || every < 1)
            throw new ProtocolError("BAD_USER_INPUT", "from must not be after until, and everySeconds be at least 1.");
        var points = ((until - from) / every) + 1;
        if (points > ProgramSeries.PointsMax)
            throw new ProtocolError("BAD_USER_INPUT", $"{points} points are asked for; there can be {ProgramSeries.PointsMax}.");
        var awards = await AwardHistories.LoadAsync(context.Service<IQuerySession>(), programId, token, context.CancellationToken);
        return ProgramSeries.Of(awards, [.. Enumerable.Range(0, (int)points).Select(i => from + (i * every))]);
    }
}

/// <summary>What two policies lead to over one award's history.</summary>
public sealed record SimulatedAward(Hash32 AwardId, TrialOutcome Draft, TrialOutcome InForce)
{
    public static SimulatedAward Of(AwardHistory award, ReinvestmentPolicy draft, BlockRef until)
    {
        TrialOutcome Run(ReinvestmentPolicy policy) => PolicyTrial.Run(policy, award.Own, award.Flows, until);
        return new SimulatedAward(award.AwardId, Run(draft), Run(award.Policy));
    }
}
