using Grants.Domain.Reinvestment;
using Grants.Service.Api;
using Grants.Service.Api.History;
using GraphQL;
using GraphQL.Types;

namespace Grants.Service.Reinvestment;

public static class BreachesSubscriptions
{
    public static void Extend(ObjectGraphType subscription) => subscription.AddResumable<BreachGraphType>(
        "breachChanged",
        "A breach as it is now, and again after each change: when it was appealed, cured, confirmed or sanctioned.",
        [new QueryArgument<NonNullGraphType<StringGraphType>> { Name = "breachId" }],
        static (context, after) =>
        {
            var breachId = context.GetArgument<string>("breachId");
            if (BreachView.AwardOf(breachId) is not { } awardId)
                throw new ProtocolError("NOT_FOUND", "There is no such breach.");
            return context.TellStream<BreachViews>(
                ReinvestmentMonitor.StreamId(awardId),
                static (views, data) => (views ?? BreachViews.None).With(data),
                "breach",
                after,
                (_, then) => then.Breaches.LastOrDefault(breach => breach.Breach.BreachId == breachId));
        });
}
