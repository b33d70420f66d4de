using System.Security.Cryptography;
using Grants.Primitives;
using Npgsql;

namespace Grants.Service.Webhooks;

/// <summary>The endpoints of the spaces and the log of their deliveries.</summary>
public sealed class WebhookStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Endpoints of a space that are not disabled.</summary>
    public const int LiveMax = 20;

    /// <summary>How long is signed with the secret before a rotation as well.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    private const string SecretPrefix = "whsec_";

    /// <summary>Registers an endpoint, once an id; null where the space has its most.</summary>
    public async Task<Webhook?> RegisterAsync(
        string space, Address by, string id, string url, string[] events, CancellationToken cancellation)
    {
        var (secret, now) = (RandomNumberGenerator.GetBytes(32), clock.GetUtcNow());
        await using var command = Command(
            $"""
            insert into webhook.endpoint (id, space, url, events, secret, registered_by, registered_at)
            select $1, $2, $3, $4, $5, $6, $7
            where (select count(*) from webhook.endpoint where space = $2 and disabled_at is null) < {LiveMax}
            on conflict (id) do update set secret = excluded.secret
            """,
            id, space, url, events, secret, by.ToBytes(), now);
        return await command.ExecuteNonQueryAsync(cancellation) == 1
            ? new Webhook(id, url, events, now, null, null, Written(secret))
            : null;
    }

    /// <summary>Gives an endpoint another secret; with the one before is signed as well for a while. Null where there is none.</summary>
    public async Task<string?> RotateAsync(string space, string id, CancellationToken cancellation)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        await using var command = Command(
            """
            update webhook.endpoint set previous_secret = secret, previous_until = $4, secret = $3
            where space = $1 and id = $2 and disabled_at is null
            """,
            space, id, secret, clock.GetUtcNow() + Overlap);
        return await command.ExecuteNonQueryAsync(cancellation) == 1 ? Written(secret) : null;
    }

    /// <summary>Nothing is sent to an endpoint any more. False where there is none.</summary>
    public async Task<bool> DisableAsync(string space, string id, string reason, CancellationToken cancellation)
    {
        await using var command = Command(
            """
            update webhook.endpoint set disabled_at = coalesce(disabled_at, $3), disabled_reason = coalesce(disabled_reason, $4)
            where space = $1 and id = $2
            """,
            space, id, clock.GetUtcNow(), reason);
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>Tells again what happened since then, delivered or not. Null where there is no such endpoint.</summary>
    public async Task<int?> ReplayAsync(string space, string id, DateTimeOffset since, CancellationToken cancellation)
    {
        if (await FindAsync(space, id, cancellation) is not { DisabledAt: null })
            return null;
        await using var command = Command(
            "update webhook.delivery set state = 'WAITING', attempts = 0, next_at = $3 where endpoint = $1 and at >= $2",
            id, since, clock.GetUtcNow());
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<Webhook?> FindAsync(string space, string id, CancellationToken cancellation) =>
        (await OfAsync(space, cancellation)).FirstOrDefault(webhook => webhook.Id == id);

    /// <summary>The endpoints of a space, the newest first, at most a thousand.</summary>
    public async Task<IReadOnlyList<Webhook>> OfAsync(string space, CancellationToken cancellation)
    {
        await using var command = Command(
            """
            select id, url, events, registered_at, disabled_at, disabled_reason from webhook.endpoint
            where space = $1 order by registered_at desc, id limit 1000
            """,
            space);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var webhooks = new List<Webhook>();
        while (await reader.ReadAsync(cancellation))
        {
            webhooks.Add(new Webhook(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetFieldValue<string[]>(2),
                reader.GetFieldValue<DateTimeOffset>(3),
                reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4),
                reader.IsDBNull(5) ? null : reader.GetString(5)));
        }

        return webhooks;
    }

    /// <summary>The log of an endpoint, the newest first, behind an event's id.</summary>
    public async Task<IReadOnlyList<WebhookDelivery>> LogAsync(
        string id, int count, Guid? after, CancellationToken cancellation)
    {
        await using var command = Command(
            """
            select d.event_id, d.type, d.subject, d.at, d.state, d.next_at,
                   coalesce(array_agg(a.at order by a.at) filter (where a.at is not null), '{}'),
                   coalesce(array_agg(a.status order by a.at) filter (where a.at is not null), '{}'),
                   coalesce(array_agg(a.problem order by a.at) filter (where a.at is not null), '{}'),
                   coalesce(array_agg(a.took_ms order by a.at) filter (where a.at is not null), '{}')
            from webhook.delivery d left join webhook.attempt a using (endpoint, event_id)
            where d.endpoint = $1
              and ($3::uuid is null
                or (d.at, d.event_id) < (select at, event_id from webhook.delivery where endpoint = $1 and event_id = $3))
            group by d.endpoint, d.event_id order by d.at desc, d.event_id desc limit $2
            """,
            id, count, after is { } place ? place : DBNull.Value);
        command.Parameters[2].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var log = new List<WebhookDelivery>();
        while (await reader.ReadAsync(cancellation))
        {
            var times = reader.GetFieldValue<DateTimeOffset[]>(6);
            var statuses = reader.GetFieldValue<int?[]>(7);
            var problems = reader.GetFieldValue<string?[]>(8);
            var took = reader.GetFieldValue<int[]>(9);
            log.Add(new WebhookDelivery(
                reader.GetGuid(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5),
                [.. times.Select((at, i) => new WebhookAttempt(at, statuses[i], problems[i], took[i]))]));
        }

        return log;
    }

    private static string Written(byte[] secret) => SecretPrefix + Convert.ToBase64String(secret);

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
