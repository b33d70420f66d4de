using Grants.Domain.Awards;
using Grants.Service.Api;
using Grants.Service.Api.Nodes;
using GraphQL;
using GraphQL.Types;

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
        Field<StringGraphType>("breachId")
            .Description("The confirmed breach behind it, where one is.")
            .Resolve(context => context.Source.BreachId.Length == 0 ? null : context.Source.BreachId);
        Field("reason", clawback => clawback.Reason, nullable: true).Description("Why, where no breach is behind it.");
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
        this.IsNode(award => award.Id, GlobalIds.DocumentsAsync<Award>);
        Field("awardId", award => award.Terms.AwardId);
        Field("proposalId", award => award.Terms.ProposalId);
        Field("programId", award => award.Terms.ProgramId);
        Field("token", award => award.Terms.Token);
        Field("vault", award => award.Terms.Vault);
        Field("treasury", award => award.Terms.Treasury).Description("Where clawed back tokens go.");
        Field("recipient", award => award.Recipient).Description("Whom the vault pays, on the finalized chain.");
        Field("agreedRecipient", award => award.AgreedRecipient)
            .Description("Whom old and new recipients agreed on; nothing is released while it is another than the recipient.");
        Field("payableFrom", award => award.PayableFrom).Description("Nothing is paid before it; seconds since 1970, chain time.");
        Field("amount", award => award.Terms.Amount);
        Field("released", award => award.Released).Description("Paid, on the finalized chain.");
        Field("clawedBack", award => award.ClawedBack).Description("Back in the treasury, on the finalized chain.");
        Field("remaining", award => award.Remaining);
        Field("startsAt", award => award.Terms.StartAt).Description("Seconds since 1970, chain time.");
        Field<NonNullGraphType<EnumerationGraphType<AwardStatus>>>("status").Resolve(context => context.Source.Status);
        AddVesting();
        Field<IntGraphType>("heldTranche")
            .Description("The tranche that is vested but held by a breach.")
            .Resolve(context => context.Source.HeldTranche == 0 ? null : context.Source.HeldTranche);
        Field<EvidenceGraphType>("reservedAt").Resolve(context => context.Source.ReservedAt);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<TrancheOrderGraphType>>>>("releases")
            .Resolve(context => context.Source.Orders);
        Field<ClawbackGraphType>("clawback").Description("The last one.").Resolve(context => context.Source.Clawbacks.LastOrDefault());
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<ClawbackGraphType>>>>("clawbacks")
            .Resolve(context => context.Source.Clawbacks);
        Field("agreementHash", award => award.Terms.AgreementHash).Description("Zero where there is no agreement.");
        Field("agreementSignedBy", award => award.AgreementSignedBy, nullable: true);
    }

    private void AddVesting()
    {
        Field<NonNullGraphType<VestingGraphType>>("vesting").Resolve(context => context.Source.Terms.Vesting);
        Field("endsAt", award => award.Position.EndsAt).Description("When all is vested, pauses counted; seconds since 1970.");
        Field<NonNullGraphType<UInt256Scalar>>("vested")
            .Description("Base units vested by time alone, as things stand.")
            .Argument<NonNullGraphType<LongGraphType>>("at", argument => argument.Description = "Seconds since 1970.")
            .Resolve(context => context.Source.Position.VestedAmount(context.GetArgument<long>("at")));
        Field("nextDueAt", award => award.NextDueAt, nullable: true)
            .Description("When the next release is due, seconds since 1970; null while none can be ordered.");
        Field<StringGraphType>("refusalToPay")
            .Description("The code of what stands against any release now.")
            .Resolve(context => context.Source.RefusalToPay?.Code);
        Field("pauseBudgetSeconds", award => award.Terms.PauseBudgetSeconds);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<VestingPauseGraphType>>>>("pauses")
            .Resolve(context => context.Source.Pauses.Pauses);
        Field<VestingCancellationGraphType>("cancellation").Resolve(context => context.Source.Cancellation);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<AwardMilestoneGraphType>>>>("milestones")
            .Resolve(context => context.Source.Milestones);
    }
}
