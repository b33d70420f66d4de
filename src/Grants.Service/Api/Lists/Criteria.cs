using Marten.Linq.MatchesSql;

namespace Grants.Service.Api.Lists;

/// <summary>
/// What a list leaves in: conditions over the JSON of a document, as SQL, so that the documents of now and those of a moment of the past
/// are judged by the same.
/// </summary>
public sealed class Criteria
{
    private readonly List<(string Sql, string Text)> all = [];

    /// <summary>
    /// Each with one <c>?</c> for its text. <c>d</c> is the document's row; what may change of it is asked of <c>d.id</c> and
    /// <c>d.data</c> alone, because a document of the past has no more.
    /// </summary>
    public IReadOnlyList<(string Sql, string Text)> All => all;

    /// <summary>Documents of which this is true; all of them where the text is null.</summary>
    public Criteria That(string sql, string? text)
    {
        if (text is not null)
            all.Add((sql, text));
        return this;
    }

    /// <summary>Documents of which an expression is this very text.</summary>
    public Criteria Being(string sql, string? text) => That($"{sql} = ?", text);

    /// <summary>Documents with this text, a part of it or in other letters, within a text of theirs.</summary>
    /// <param name="sql">The text of a document.</param>
    public Criteria Naming(string sql, string? text) => That($"position(lower(?) in lower({sql})) > 0", text);

    /// <summary>The documents of now that they leave in.</summary>
    public IQueryable<T> Of<T>(IQueryable<T> documents)
        where T : notnull => all.Aggregate(documents, (found, one) => found.Where(row => row.MatchesSql(one.Sql, one.Text)));
}
