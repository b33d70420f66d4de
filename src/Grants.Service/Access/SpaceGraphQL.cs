using Grants.Service.Api;
using GraphQL.Types;

namespace Grants.Service.Access;

public sealed class SpaceGraphType : ObjectGraphType<Space>
{
    public SpaceGraphType()
    {
        Name = "Space";
        Description = "One DAO or ecosystem. Everything here but the chain and the session is of it alone.";
        Field("id", space => space.Id).Description("What ballots and other signed data must name.");
        Field("name", space => space.Name);
    }
}

public static class SpaceGraphQL
{
    public static void Extend(ObjectGraphType query) => query
        .Field<NonNullGraphType<SpaceGraphType>>("space")
        .Description("The space that this address serves.")
        .Resolve(context => ((RequestContext)context.UserContext).Space);
}
