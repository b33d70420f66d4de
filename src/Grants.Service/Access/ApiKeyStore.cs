using System.Buffers.Text;
using System.Security.Cryptography;
using Grants.Primitives;
using Npgsql;

namespace Grants.Service.Access;

/// <summary>A key that a program acts with for an account.</summary>
/// <param name="Scopes">The mutations that it may ask for.</param>
/// <param name="Secret">The token, in the answer that made the key alone.</param>
public sealed record ApiKey(
    string Id,
    string Name,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? UsedAt,
    string? Secret = null);

/// <summary>API keys, of which only the hash is kept. The secret is 256 random bits: there is nothing to guess or to stretch.</summary>
public sealed class ApiKeyStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>What the token of a key begins with; a session's does not.</summary>
    public const string Prefix = "grants_";

    /// <summary>Keys of an account in a space that can be used at the same time.</summary>
    public const int LiveMax = 20;

    /// <summary>Makes a key, or null where the account has its most. The id is the idempotency key's: the same is made once.</summary>
    public async Task<ApiKey?> CreateAsync(
        string space, Address account, string id, string name, string[] scopes, DateTimeOffset expiresAt, CancellationToken cancellation)
    {
        var token = $"{Prefix}{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand($"""
            insert into access.api_key (id, space, token_hash, account, name, scopes, created_at, expires_at)
            select $1, $2, $3, $4, $5, $6, $7, $8
            where (select count(*) from access.api_key
                   where space = $2 and account = $4 and revoked_at is null and expires_at > $7) < {LiveMax}
            on conflict (id) do update set token_hash = excluded.token_hash where access.api_key.used_at is null
            """);
        foreach (var value in new object[] { id, space, SessionStore.HashOf(token), account.ToBytes(), name, scopes, now, expiresAt })
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync(cancellation) == 1
            ? new ApiKey(id, name, scopes, now, expiresAt, null, null, token)
            : null;
    }

    /// <summary>Whose key this is and what for, or null where it is unknown, over, revoked or of another space.</summary>
    public async Task<(Address Account, IReadOnlySet<string> Scopes)?> FindAsync(
        string space, string token, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            update access.api_key set used_at = case when used_at > $3 - interval '1 minute' then used_at else $3 end
            where token_hash = $1 and space = $2 and revoked_at is null and expires_at > $3
            returning account, scopes
            """);
        command.Parameters.Add(new() { Value = SessionStore.HashOf(token) });
        command.Parameters.Add(new() { Value = space });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? (new Address(reader.GetFieldValue<byte[]>(0)), reader.GetFieldValue<string[]>(1).ToHashSet(StringComparer.Ordinal))
            : null;
    }

    /// <summary>Revokes a key of the account for good. False where there is no such key.</summary>
    public async Task<bool> RevokeAsync(string space, Address account, string id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            update access.api_key set revoked_at = coalesce(revoked_at, $4) where id = $1 and space = $2 and account = $3
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = space });
        command.Parameters.Add(new() { Value = account.ToBytes() });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>The keys of an account, the newest first, at most a thousand.</summary>
    public async Task<IReadOnlyList<ApiKey>> OfAsync(string space, Address account, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select id, name, scopes, created_at, expires_at, revoked_at, used_at from access.api_key
            where space = $1 and account = $2 order by created_at desc, id limit 1000
            """);
        command.Parameters.Add(new() { Value = space });
        command.Parameters.Add(new() { Value = account.ToBytes() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var keys = new List<ApiKey>();
        while (await reader.ReadAsync(cancellation))
        {
            keys.Add(new ApiKey(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetFieldValue<string[]>(2),
                reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetFieldValue<DateTimeOffset>(4),
                reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
                reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6)));
        }

        return keys;
    }
}
