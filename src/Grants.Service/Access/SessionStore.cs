using System.Security.Cryptography;
using Grants.Primitives;
using Npgsql;

namespace Grants.Service.Access;

/// <summary>Sign-in nonces, used once, and sessions, of which only the hash is kept.</summary>
public sealed class SessionStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>How long a sign-in message may lie before it is signed.</summary>
    public static readonly TimeSpan NonceLifetime = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan SessionLifetime = TimeSpan.FromHours(12);

    public async Task<string> CreateNonceAsync(CancellationToken cancellation)
    {
        var nonce = RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 22);
        await using var command = database.CreateCommand("""
            with old as (delete from access.nonce where expires_at < $2)
            insert into access.nonce (nonce, expires_at) values ($1, $3)
            """);
        command.Parameters.Add(new() { Value = nonce });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() + NonceLifetime });
        await command.ExecuteNonQueryAsync(cancellation);
        return nonce;
    }

    /// <summary>Uses the nonce up. False where it is unknown, used or over.</summary>
    public async Task<bool> UseNonceAsync(string nonce, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("delete from access.nonce where nonce = $1 and expires_at >= $2");
        command.Parameters.Add(new() { Value = nonce });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>Opens a session and returns its secret token, which is not stored.</summary>
    public async Task<(string Token, DateTimeOffset ExpiresAt)> OpenAsync(Address account, CancellationToken cancellation)
    {
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var expiresAt = clock.GetUtcNow() + SessionLifetime;
        await using var command = database.CreateCommand(
            "insert into access.session (token_hash, account, expires_at) values ($1, $2, $3)");
        command.Parameters.Add(new() { Value = HashOf(token) });
        command.Parameters.Add(new() { Value = account.ToBytes() });
        command.Parameters.Add(new() { Value = expiresAt });
        await command.ExecuteNonQueryAsync(cancellation);
        return (token, expiresAt);
    }

    /// <summary>Whose session this is, or null where it is unknown or over.</summary>
    public async Task<Address?> FindAsync(string token, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "select account from access.session where token_hash = $1 and expires_at > $2");
        command.Parameters.Add(new() { Value = HashOf(token) });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        return await command.ExecuteScalarAsync(cancellation) is byte[] account ? new Address(account) : null;
    }

    /// <summary>Ends a session. False where it was none.</summary>
    public async Task<bool> CloseAsync(string token, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("delete from access.session where token_hash = $1 and expires_at > $2");
        command.Parameters.Add(new() { Value = HashOf(token) });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>Those of the token hashes whose sessions and API keys still count, in hexadecimal.</summary>
    internal async Task<HashSet<string>> OpenAmongAsync(IEnumerable<byte[]> hashes, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            select token_hash from access.session where token_hash = any($1) and expires_at > $2
            union all
            select token_hash from access.api_key where token_hash = any($1) and expires_at > $2 and revoked_at is null
            """);
        command.Parameters.Add(new() { Value = hashes.ToArray() });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var open = new HashSet<string>();
        while (await reader.ReadAsync(cancellation))
            open.Add(Convert.ToHexString(reader.GetFieldValue<byte[]>(0)));
        return open;
    }

    internal static byte[] HashOf(string token) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(token));
}
