using Npgsql;

namespace Grants.Service.Hosting;

/// <summary>
/// Refuses a database with events of a space that the settings do not name: such a space would hear of no block while it is left
/// out, and money would later rest on what it missed. A store of a version without spaces is refused by the same rule.
/// </summary>
public static class SpaceCheck
{
    // The tenant of all rows that were written before there were spaces.
    private const string WithoutSpace = "*DEFAULT*";

    /// <exception cref="InvalidOperationException">There is such a space.</exception>
    public static async Task RefuseOthersAsync(NpgsqlDataSource database, Spaces spaces, CancellationToken cancellation)
    {
        var known = spaces.All.Select(space => space.Id).Append(Spaces.Deployment).ToHashSet(StringComparer.Ordinal);
        switch ((await StoredAsync(database, cancellation)).FirstOrDefault(tenant => !known.Contains(tenant)))
        {
            case null:
                return;
            case WithoutSpace:
                throw new InvalidOperationException(
                    "The database was written by a version that knew no spaces. Events are never rewritten: start with a new database.");
            case var other:
                throw new InvalidOperationException(
                    $"The database holds the space {other}, which Spaces does not name. A space once opened stays: name it again.");
        }
    }

    // One look into the index a space, however many streams there are.
    private static async Task<IReadOnlyList<string>> StoredAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var exists = database.CreateCommand("select to_regclass('grants.mt_streams') is not null");
        if (await exists.ExecuteScalarAsync(cancellation) is not true)
            return [];
        await using var command = database.CreateCommand("""
            with recursive found as (
              select min(tenant_id) as tenant from grants.mt_streams
              union all
              select (select min(tenant_id) from grants.mt_streams where tenant_id > found.tenant) from found where tenant is not null)
            select tenant from found where tenant is not null
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var tenants = new List<string>();
        while (await reader.ReadAsync(cancellation))
            tenants.Add(reader.GetString(0));
        return tenants;
    }
}
