using Marten;
using Marten.Linq.MatchesSql;

namespace Grants.Service.Api.Lists;

/// <summary>
/// An order of a list of documents: by an expression over the document's JSON, then by its id, so that every place in it is one row's
/// alone. A page begins behind the row that its cursor names, where that row stands now.
/// </summary>
/// <param name="Sql">The expression, never null; <c>d</c> is the document's row.</param>
/// <param name="Type">Of the expression, in PostgreSQL; its values are given as text.</param>
/// <param name="IsDescending">The id still ascends.</param>
/// <param name="ValueOf">The expression's value of a document, as text.</param>
public sealed record Keyset<T>(string Sql, string Type, bool IsDescending, Func<T, string> ValueOf)
    where T : notnull
{
    /// <summary>What stands behind <c>order by</c>.</summary>
    public string Clause => $"{Sql} {(IsDescending ? "desc" : "asc")}, d.id";

    /// <summary>At most so many rows of the list, from its begin or behind a row.</summary>
    /// <param name="after">The id of the row behind which the page begins; null for the first page.</param>
    public async Task<IReadOnlyList<T>> ReadAsync(
        IQuerySession session, IQueryable<T> found, int count, string? after, CancellationToken cancellation)
    {
        if (after is not null)
        {
            if (await session.LoadAsync<T>(after, cancellation) is not { } last)
                throw new ProtocolError("BAD_USER_INPUT", "after is not a cursor of this list.");
            var value = ValueOf(last);
            found = IsDescending
                ? found.Where(row => row.MatchesSql($"({Sql} < ?::{Type} or ({Sql} = ?::{Type} and d.id > ?))", value, value, after))
                : found.Where(row => row.MatchesSql($"({Sql}, d.id) > (?::{Type}, ?)", value, after));
        }

        return await found.OrderBySql(Clause).Take(count).ToListAsync(cancellation);
    }
}

public static class Keysets
{
    /// <summary>Documents by their id alone.</summary>
    public static Keyset<T> ById<T>(Func<T, string> id)
        where T : notnull => new("d.id", "varchar", false, id);
}
