using Grants.Domain.Awards;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.History;
using GraphQL;
using GraphQL.Types;

namespace Grants.Service.Awards;

public static class AwardsSubscriptions
{
    public static void Extend(ObjectGraphType subscription) => subscription.AddResumable<AwardGraphType>(
        "awardChanged",
        "An award as it is now, and again after each change.",
        [new QueryArgument<NonNullGraphType<Bytes32Scalar>> { Name = "awardId" }],
        static (context, after) => context.TellStream<Award>(
            Award.StreamId(context.GetArgument<Hash32>("awardId")), Award.Evolve, "award", after));
}
