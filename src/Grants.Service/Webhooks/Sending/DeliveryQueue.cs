using Npgsql;

namespace Grants.Service.Webhooks.Sending;

/// <summary>What is due, for whichever node takes it first.</summary>
public sealed class DeliveryQueue(NpgsqlDataSource database, TimeProvider clock)
{
    private const int AtOnce = 20;

    // A node that dies with a delivery has not told; another takes it after this time. Endpoints hear of it again, at worst.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>Makes the deliveries of what is in the outbox. What concerns the whole deployment is told in every space.</summary>
    public async Task FanOutAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            with told as (
              delete from webhook.outbox where event_id in (
                select event_id from webhook.outbox order by at limit 500 for update skip locked)
              returning *)
            insert into webhook.delivery (endpoint, event_id, space, type, subject, at, next_at)
            select e.id, told.event_id, e.space, told.type, told.subject, told.at, $1
            from told join webhook.endpoint e
              on (e.space = told.space or told.space = $2) and told.type = any(e.events) and e.disabled_at is null
            on conflict do nothing
            """);
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        command.Parameters.Add(new() { Value = Spaces.Deployment });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Takes some of what is due.</summary>
    public async Task<IReadOnlyList<DueDelivery>> TakeAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"""
            with due as (
              select d.endpoint, d.event_id from webhook.delivery d join webhook.endpoint e on e.id = d.endpoint
              where d.state = 'WAITING' and d.next_at <= $1 and e.disabled_at is null
              order by d.next_at limit {AtOnce} for update of d skip locked)
            update webhook.delivery d set attempts = d.attempts + 1, next_at = $2
            from due, webhook.endpoint e
            where d.endpoint = due.endpoint and d.event_id = due.event_id and e.id = d.endpoint
            returning d.endpoint, d.event_id, d.space, d.type, d.subject, d.at, d.attempts, e.url, e.secret,
                      case when e.previous_until > $1 then e.previous_secret end
            """);
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() + Lease });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var due = new List<DueDelivery>();
        while (await reader.ReadAsync(cancellation))
        {
            due.Add(new DueDelivery(
                reader.GetString(0),
                reader.GetGuid(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5),
                reader.GetInt32(6),
                reader.GetString(7),
                reader.IsDBNull(9)
                    ? [reader.GetFieldValue<byte[]>(8)]
                    : [reader.GetFieldValue<byte[]>(8), reader.GetFieldValue<byte[]>(9)]));
        }

        return due;
    }

    /// <summary>Writes down an attempt and what follows from it.</summary>
    /// <param name="nextAt">When it is tried again; null where it is over, one way or the other.</param>
    public async Task RecordAsync(
        DueDelivery delivery, WebhookAttempt attempt, bool isDelivered, DateTimeOffset? nextAt, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            with kept as (
              insert into webhook.attempt (endpoint, event_id, at, status, problem, took_ms) values ($1, $2, $3, $4, $5, $6)
              on conflict do nothing)
            update webhook.delivery set state = $7, next_at = coalesce($8, next_at) where endpoint = $1 and event_id = $2
            """);
        command.Parameters.Add(new() { Value = delivery.Endpoint });
        command.Parameters.Add(new() { Value = delivery.EventId });
        command.Parameters.Add(new() { Value = attempt.At });
        command.Parameters.Add(new() { Value = (object?)attempt.Status ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = (object?)attempt.Problem ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = attempt.TookMilliseconds });
        command.Parameters.Add(new() { Value = isDelivered ? "DELIVERED" : nextAt is null ? "FAILED" : "WAITING" });
        command.Parameters.Add(
            new() { Value = (object?)nextAt ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
