using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Grants.Service.Api;

/// <summary>
/// Seals cursors and global ids, so that only what this deployment gave is taken back, and only in the list and space that it was given
/// in. All nodes have the key from the database.
/// </summary>
public sealed class CursorSeal(NpgsqlDataSource database)
{
    private const int SealBytes = 16;
    private const int LengthMax = 512;

    private volatile byte[]? key;

    /// <summary>What is sealed is the place in the list; it is not secret.</summary>
    public ValueTask<string> SealAsync(string space, string list, string place, CancellationToken cancellation)
    {
        return key is { } known ? new(Sealed(known)) : ReadAsync();

        string Sealed(byte[] by)
        {
            var bytes = Encoding.UTF8.GetBytes(place);
            return Base64Url.EncodeToString([.. Mac(by, space, list, bytes), .. bytes]);
        }

        async ValueTask<string> ReadAsync() => Sealed(await KeyAsync(cancellation));
    }

    /// <summary>The place in the list.</summary>
    /// <exception cref="ProtocolError">It is no cursor of this list in this space.</exception>
    public async Task<string> OpenAsync(string space, string list, string cursor, CancellationToken cancellation) =>
        await TryOpenAsync(space, list, cursor, cancellation)
        ?? throw new ProtocolError("BAD_USER_INPUT", "after is not a cursor of this list.");

    /// <summary>The place in the list; null where it is no cursor of this list in this space.</summary>
    public async Task<string?> TryOpenAsync(string space, string list, string cursor, CancellationToken cancellation)
    {
        if (cursor.Length <= LengthMax && TryDecode(cursor) is { Length: > SealBytes } sealedPlace)
        {
            var place = sealedPlace[SealBytes..];
            var expected = Mac(await KeyAsync(cancellation), space, list, place);
            if (CryptographicOperations.FixedTimeEquals(sealedPlace.AsSpan(0, SealBytes), expected))
                return Encoding.UTF8.GetString(place);
        }

        return null;
    }

    private static byte[]? TryDecode(string cursor) => Base64Url.IsValid(cursor) ? Base64Url.DecodeFromChars(cursor) : null;

    // Neither a space's id nor a list's name has a line end in it.
    private static byte[] Mac(byte[] key, string space, string list, byte[] place)
    {
        byte[] message = [.. Encoding.UTF8.GetBytes($"{space}\n{list}\n"), .. place];
        return HMACSHA256.HashData(key, message)[..SealBytes];
    }

    private async Task<byte[]> KeyAsync(CancellationToken cancellation)
    {
        if (key is { } known)
            return known;
        await using var command = database.CreateCommand("""
            insert into api.secret (name, value) values ('cursors', $1)
            on conflict (name) do update set name = excluded.name returning value
            """);
        command.Parameters.Add(new() { Value = RandomNumberGenerator.GetBytes(32) });
        return key = (byte[])(await command.ExecuteScalarAsync(cancellation))!;
    }
}
