using Grants.Domain.Awards;
using Grants.Primitives;
using Grants.Service.Api;
using GraphQL;
using GraphQL.Types;
using Marten;

namespace Grants.Service.Awards;

public sealed class TrancheOrderGraphType : ObjectGraphType<TrancheOrder>
{
    public TrancheOrderGraphType()
    {
        Name = "Release";
        Description = "A tranche that is ordered to be paid, or paid.";
        Field("tranche", order => order.Tranche);
        Field("amount", order => order.Amount).Description("Base units.");
        Field("releaseId", order => order.ReleaseId).Description("The vault settles it once at most.");
        Field<EvidenceGraphType>("releasedAt")
            .Description("The vault's log on the finalized chain; null until then.")
            .Resolve(context => context.Source.ReleasedAt);
    }
}

public sealed class ClawbackGraphType : ObjectGraphType<AwardClawback>
{
    public ClawbackGraphType()
    {
        Name = "Clawback";
        Description = "An order to take what has not been released back to the treasury.";
        Field("amount", clawback => clawback.Amount).Description("Base units.");
        Field("clawbackId", clawback => clawback.ClawbackId);
        Field("breachId", clawback => clawback.BreachId).Description("The confirmed breach behind it.");
        Field<EvidenceGraphType>("settledAt")
            .Description("The vault's log on the finalized chain; null until then.")
            .Resolve(context => context.Source.SettledAt);
    }
}

public sealed class AwardGraphType : ObjectGraphType<Award>
{
    public AwardGraphType()
    {
        Name = "Award";
        Description = "The entitlement that an approval creates. Always amount = released + clawedBack + remaining, in base units.";
        Field("awardId", award => award.Terms.AwardId);
        Field("proposalId", award => award.Terms.ProposalId);
        Field("programId", award => award.Terms.ProgramId);
        Field("token", award => award.Terms.Token);
        Field("vault", award => award.Terms.Vault);
        Field("treasury", award => award.Terms.Treasury).Description("Where clawed back tokens go.");
        Field("recipient", award => award.Terms.Recipient);
        Field("amount", award => award.Terms.Amount);
        Field("released", award => award.Released).Description("Paid, on the finalized chain.");
        Field("clawedBack", award => award.ClawedBack).Description("Back in the treasury, on the finalized chain.");
        Field("remaining", award => award.Remaining);
        Field("startsAt", award => award.Terms.Schedule.StartAt).Description("Seconds since 1970, chain time.");
        Field("cliffSeconds", award => award.Terms.Schedule.CliffSeconds);
        Field("durationSeconds", award => award.Terms.Schedule.DurationSeconds);
        Field("tranches", award => award.Terms.Schedule.Tranches);
        Field<IntGraphType>("heldTranche")
            .Description("The tranche that is vested but held by a breach.")
            .Resolve(context => context.Source.HeldTranche == 0 ? null : context.Source.HeldTranche);
        Field<EvidenceGraphType>("reservedAt").Resolve(context => context.Source.ReservedAt);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<TrancheOrderGraphType>>>>("releases")
            .Resolve(context => context.Source.Orders);
        Field<ClawbackGraphType>("clawback").Resolve(context => context.Source.Clawback);
    }
}

public static class AwardsGraphQL
{
    public static void Extend(ObjectGraphType query)
    {
        query.Field<AwardGraphType>("award")
            .Description("One award, by its own id or by its proposal's.")
            .Argument<Bytes32Scalar>("awardId")
            .Argument<Bytes32Scalar>("proposalId")
            .ResolveAsync(async context =>
            {
                Hash32? ofProposal = context.GetArgument<Hash32?>("proposalId") is { } proposalId ? Award.IdOf(proposalId) : null;
                var awardId = context.GetArgument<Hash32?>("awardId") ?? ofProposal
                    ?? throw new ProtocolError("BAD_USER_INPUT", "Give awardId or proposalId.");
                return await context.Service<IQuerySession>().LoadAsync<Award>(Award.StreamId(awardId), context.CancellationToken);
            });
        query.AddConnection<Award, AwardGraphType>(
            "awards",
            "The awards of a program, by their id.",
            [new QueryArgument<NonNullGraphType<StringGraphType>> { Name = "programId" }],
            award => award.Id,
            (context, awards, after) =>
            {
                var programId = context.GetArgument<string>("programId");
                var all = awards.Where(award => award.Terms.ProgramId == programId);
                return (after is null ? all : all.Where(award => award.Id.CompareTo(after) > 0)).OrderBy(award => award.Id);
            });
    }
}
