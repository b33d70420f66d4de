using Grants.Domain.Programs;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.Lists;
using GraphQL;
using GraphQL.Types;
using Marten;
using Marten.Linq.MatchesSql;

namespace Grants.Service.Programs;

/// <summary>In which order programs are listed.</summary>
public enum ProgramOrder
{
    Id,
    Newest,
    Name,
    Budget,
}

public sealed class ProgramOrderGraphType : EnumerationGraphType<ProgramOrder>
{
    public ProgramOrderGraphType()
    {
        Name = "ProgramOrder";
        Description = "ID; NEWEST: last opened first; NAME: by its code points; BUDGET: the largest first. Then by the id.";
    }
}

public static class ProgramQueries
{
    public static void Extend(ObjectGraphType query)
    {
        query.Field<ProgramGraphType>("program")
            .Description("One program.")
            .Argument<NonNullGraphType<StringGraphType>>("programId")
            .ResolveAsync(async context => await context.Service<IQuerySession>()
                .LoadAsync<FundingProgram>(context.GetArgument<string>("programId"), context.CancellationToken));
        query.AddKeysetConnection<FundingProgram, ProgramGraphType>(
            "programs",
            "The programs, by their terms as they are now.",
            [
                new QueryArgument<EnumerationGraphType<ProgramKind>> { Name = "kind" },
                new QueryArgument<AddressScalar> { Name = "token" },
                new QueryArgument<AddressScalar> { Name = "reviewer", Description = "Those of whose committee this account is." },
                new QueryArgument<StringGraphType> { Name = "name", Description = "A part of it, in any case." },
                new QueryArgument<ProgramOrderGraphType> { Name = "orderBy", DefaultValue = ProgramOrder.Id },
            ],
            program => program.Id,
            (context, count, after) =>
            {
                var session = context.Service<IQuerySession>();
                return OrderOf(context.GetArgument<ProgramOrder>("orderBy"))
                    .ReadAsync(session, Filtered(context, session), count, after, context.CancellationToken);
            },
            context => Filtered(context, context.Service<IQuerySession>()));
    }

    private static IQueryable<FundingProgram> Filtered(IResolveFieldContext context, IQuerySession session)
    {
        var programs = session.Query<FundingProgram>()
            .Being("d.data -> 'terms' ->> 'kind'", context.GetArgument<ProgramKind?>("kind")?.ToString())
            .Being("d.data -> 'terms' ->> 'token'", context.GetArgument<Address?>("token")?.ToString())
            .Naming("d.data -> 'terms' ->> 'name'", context.GetArgument<string?>("name"));
        return context.GetArgument<Address?>("reviewer")?.ToString() is { } reviewer
            ? programs.Where(program => program.MatchesSql(
                "d.data -> 'terms' -> 'review' -> 'reviewers' @> to_jsonb(?::text)", reviewer))
            : programs;
    }

    private static Keyset<FundingProgram> OrderOf(ProgramOrder order) => order switch
    {
        ProgramOrder.Newest => new(
            "(d.data -> 'terms' ->> 'openedAt')::timestamptz", "timestamptz", true, program => $"{program.Terms.OpenedAt:O}"),
        ProgramOrder.Name => new("(d.data -> 'terms' ->> 'name') collate \"C\"", "text", false, program => program.Terms.Name),
        ProgramOrder.Budget => new(
            "(d.data -> 'terms' ->> 'budget')::numeric", "numeric", true, program => program.Terms.Budget.ToString()),
        _ => Keysets.ById<FundingProgram>(program => program.Id),
    };
}
