using Grants.Domain.VotingPower;
using Grants.Service.Api;
using Grants.Service.Api.Lists;
using GraphQL;
using GraphQL.DataLoader;
using GraphQL.Types;

namespace Grants.Service.VotingPower.Delegates;

public sealed class DelegateStatementGraphType : ObjectGraphType<DelegateProfile>
{
    public DelegateStatementGraphType()
    {
        Name = "DelegateStatement";
        Description = "What a delegate says of itself, signed by it.";
        Field("delegate", profile => profile.Delegate);
        Field("space", profile => profile.Last.Space);
        Field("statement", profile => profile.Last.Statement).Description("Markdown; empty where the last statement was withdrawn.");
        Field("nonce", profile => profile.Last.Nonce);
        Field("expiresAt", profile => profile.Last.ExpiresAt).Description("Until when it could be published, seconds since 1970.");
        Field("signature", profile => profile.Signature);
        Field("digest", profile => profile.Digest).Description("The EIP-712 digest that was signed.");
        Field("publishedAt", profile => profile.At);
    }
}

public sealed class DelegateGraphType : ObjectGraphType<DelegateStanding>
{
    public DelegateGraphType()
    {
        Name = "Delegate";
        Description = "An account as others may delegate to it.";
        Field("address", standing => standing.Account);
        Field("power", standing => standing.Power).Description("Under the rules of the program, its own included; base units.");
        Field("delegatorCount", standing => standing.DelegatorCount).Description("The other accounts that delegate to it.");
        Field("asOf", standing => standing.AsOf).Description("The final block of these figures.");
        Field<DelegateStatementGraphType>("statement")
            .Description("What it says of itself; null where it says nothing, or nothing any more.")
            .Resolve(context => Statement(context, DelegateProfile.StreamId(context.Source.Account)));
    }

    private static IDataLoaderResult Statement(IResolveFieldContext context, string id) =>
        context.Aggregates<DelegateProfile>(context.Space(), profile => profile.Id, DelegateProfile.Evolve).Ask(
            [id], found => found.GetValueOrDefault(id) is { IsStanding: true } profile ? profile : null);
}

public sealed class DelegationGraphType : ObjectGraphType<Delegation>
{
    public DelegationGraphType()
    {
        Name = "Delegation";
        Description = "That one account delegated to another, from the log that made it to the log that ended it.";
        Field("source", delegation => delegation.Source).Description("The token or the registry.");
        Field("registryId", delegation => delegation.Id).Description("For what, in a registry; zero for everything and with a token.");
        Field("delegator", delegation => delegation.Delegator);
        Field("delegate", delegation => delegation.Delegate);
        Field("since", delegation => delegation.Since);
        Field<EvidenceGraphType>("revokedAt")
            .Description("The log that named somebody else, or nobody; null while it stands.")
            .Resolve(context => context.Source.RevokedAt);
    }
}
