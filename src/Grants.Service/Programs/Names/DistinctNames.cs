using Grants.Domain;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Marten;
using Npgsql;

namespace Grants.Service.Programs.Names;

public sealed record ProgramNameTaken(string ProgramId)
    : Rejection("PROGRAM_NAME_TAKEN", $"The program {ProgramId} has a name that reads the same.");

/// <summary>
/// Names that read the same are the same, whatever characters they are written in: equal after compatibility normalization (NFKC) and
/// case folding. The database has the tables of Unicode; the runtime, without cultures, has not.
/// </summary>
public sealed class DistinctNames(NpgsqlDataSource database)
{
    /// <summary>A refusal where two of the choices read the same.</summary>
    public async Task<Rejection?> RefuseChoicesAsync(IReadOnlyList<string>? choices, CancellationToken cancellation)
    {
        // What cannot be stored is refused by the rules themselves.
        if (choices is null || choices.Any(choice => !LineText.IsLine(choice, VotingRules.ChoiceLengthMax)))
            return null;
        await using var command = database.CreateCommand(
            $"select count(distinct {Folded("choice")}) from unnest($1::text[]) as choice");
        command.Parameters.Add(new() { Value = choices.ToArray() });
        var distinct = (long)(await command.ExecuteScalarAsync(cancellation))!;
        return distinct < choices.Count ? new InvalidValue("votingRules.choices", "Two choices read the same.") : null;
    }

    /// <summary>
    /// A refusal where another program of the session's space has a name that reads the same. Whoever names a program of the space
    /// afterwards waits until the session's transaction is over, and sees what came of it.
    /// </summary>
    internal static async Task<Rejection?> RefuseNameAsync(
        IDocumentSession session, string programId, string? name, CancellationToken cancellation)
    {
        if (name is null || !LineText.IsLine(name, 200))
            return null;
        await session.BeginTransactionAsync(cancellation);
        await session.Connection.Command("select pg_advisory_xact_lock(hashtextextended($1, 0))", $"program names of {session.TenantId}")
            .ExecuteAsync(cancellation);
        var other = await session.Connection.Command(
            $"""
            select id from grants.mt_doc_fundingprogram
            where tenant_id = $1 and id <> $2
              and {Folded("data -> 'terms' ->> 'name'")} = {Folded("$3")}
            order by id limit 1
            """,
            session.TenantId, programId, name).ScalarAsync(cancellation);
        return other is string id ? new ProgramNameTaken(id) : null;
    }

    private static string Folded(string text) => $"casefold(normalize({text}, NFKC) collate \"pg_unicode_fast\")";
}
