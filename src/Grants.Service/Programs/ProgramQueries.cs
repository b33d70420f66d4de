using Grants.Domain.Programs;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.History;
using Grants.Service.Api.Lists;
using GraphQL;
using GraphQL.Types;

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
            .Argument<InputType<AsOfInput>>(AsOf.Name, AsOf.Description)
            .ResolveAsync(async context =>
                await context.LoadAsOfAsync<FundingProgram>(context.GetArgument<string>("programId"), FundingProgram.Evolve));
        query.AddDocumentConnection<FundingProgram, ProgramGraphType>(
            "programs",
            "The programs, by their terms as they are now, or were at asOf.",
            [
                new QueryArgument<EnumerationGraphType<ProgramKind>> { Name = "kind" },
                new QueryArgument<AddressScalar> { Name = "token" },
                new QueryArgument<AddressScalar> { Name = "reviewer", Description = "Those of whose committee this account is." },
                new QueryArgument<StringGraphType> { Name = "name", Description = "A part of it, in any case." },
                new QueryArgument<ProgramOrderGraphType> { Name = "orderBy", DefaultValue = ProgramOrder.Id },
            ],
            new DocumentList<FundingProgram>(program => program.Id, FundingProgram.Evolve, Choose));
    }

    private static DocumentChoice<FundingProgram> Choose(IResolveFieldContext context) => new(
        new Criteria()
            .Being("d.data -> 'terms' ->> 'kind'", context.GetArgument<ProgramKind?>("kind")?.ToString())
            .Being("d.data -> 'terms' ->> 'token'", context.GetArgument<Address?>("token")?.ToString()),
        new Criteria()
            .Naming("d.data -> 'terms' ->> 'name'", context.GetArgument<string?>("name"))
            .That(
                "d.data -> 'terms' -> 'review' -> 'reviewers' @> to_jsonb(?::text)",
                context.GetArgument<Address?>("reviewer")?.ToString()),
        OrderOf(context.GetArgument<ProgramOrder>("orderBy")));

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
