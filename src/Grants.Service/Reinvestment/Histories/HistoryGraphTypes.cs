using Grants.Domain.Reinvestment.Policies;
using Grants.Domain.Reinvestment.Series;
using GraphQL.Types;

namespace Grants.Service.Reinvestment.Histories;

public sealed class TrialStepGraphType : ObjectGraphType<TrialStep>
{
    public TrialStepGraphType()
    {
        Name = "TrialStep";
        Field("at", step => step.At).Description("Seconds since 1970, chain time.");
        Field("ruleId", step => step.RuleId);
        Field("what", step => step.What).Description("WARNED, OPENED, CURED, CONFIRMED, LIFTED, or the sanction.");
        Field("why", step => step.Why);
    }
}

public sealed class TrialOutcomeGraphType : ObjectGraphType<TrialOutcome>
{
    public TrialOutcomeGraphType()
    {
        Name = "TrialOutcome";
        Description = "What a policy would have led to: when each rung was first reached, seconds since 1970; null where it never was.";
        Field<LongGraphType>("warnedAt").Resolve(context => context.Source.WarnedAt);
        Field<LongGraphType>("gatedAt").Resolve(context => context.Source.GatedAt);
        Field<LongGraphType>("pausedAt").Resolve(context => context.Source.PausedAt);
        Field<LongGraphType>("clawedBackAt").Resolve(context => context.Source.ClawedBackAt);
        Field("clawedBack", outcome => outcome.ClawedBack).Description("The largest share of what was unreleased.");
        Field<LongGraphType>("blacklistedAt").Resolve(context => context.Source.BlacklistedAt);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<TrialStepGraphType>>>>("steps").Resolve(context => context.Source.Steps);
    }
}

public sealed class SimulatedAwardGraphType : ObjectGraphType<SimulatedAward>
{
    public SimulatedAwardGraphType()
    {
        Name = "SimulatedAward";
        Field("awardId", simulated => simulated.AwardId);
        Field<NonNullGraphType<TrialOutcomeGraphType>>("draft").Resolve(context => context.Source.Draft);
        Field<NonNullGraphType<TrialOutcomeGraphType>>("inForce")
            .Description("Of the policy that the award owes.")
            .Resolve(context => context.Source.InForce);
        Field("differs", simulated => !simulated.Draft.IsLike(simulated.InForce));
    }
}

public sealed class SeriesPointGraphType : ObjectGraphType<SeriesPoint>
{
    public SeriesPointGraphType()
    {
        Name = "EcosystemPoint";
        Description = "Where the released tokens are at one time, own tokens leaving first. Base units.";
        Field("at", point => point.At).Description("Seconds since 1970.");
        Field("released", point => point.Released);
        Field("held", point => point.Held).Description("In the wallets.");
        Field("staked", point => point.Staked).Description("In locks and vaults.");
        Field("inPools", point => point.InPools);
        Field("lent", point => point.Lent).Description("Deposited in lending markets.");
        Field("sold", point => point.Sold);
        Field("bridged", point => point.Bridged);
        Field("sentToExchanges", point => point.SentToExchanges);
        Field("unknown", point => point.Unknown);
        Field("followed", point => point.Followed).Description("With somebody unknown, and not counted as gone yet.");
        Field("spent", point => point.Spent).Description("Where the policies let them be spent, gas included.");
        Field("returned", point => point.Returned);
        Field("lost", point => point.Lost).Description("Principal that venues did not give back.");
        Field("atWork", point => point.AtWork).Description("In venues, the wallets' own tokens included.");
        Field("atWorkPerReleased", point => point.AtWorkPerReleased)
            .Description("Hundredths of a percent; above 10,000 where the wallets added their own.");
        Field("concentration", point => point.Concentration)
            .Description("The sum of the squares of the awards' shares of what is at work: the whole where one award has it all.");
    }
}
