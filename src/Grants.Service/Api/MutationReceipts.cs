using Grants.Domain;
using Grants.Primitives;
using Grants.Service.Hosting;
using Npgsql;

namespace Grants.Service.Api;

public sealed record IdempotencyConflict()
    : Rejection("IDEMPOTENCY_CONFLICT", "This clientMutationId was used before with another input; nothing was done.");

/// <summary>
/// One receipt a mutation in a space: the same key with the same input gets the same answer for ever, with another input it is
/// refused. The key is claimed before the command runs; a claim without an answer means that a process died in between,
/// and the command, which is idempotent by its own identity, is run again.
/// </summary>
public sealed class MutationReceipts(NpgsqlDataSource database)
{
    public async Task<CommandResult> OnceAsync(
        string space,
        Address actor,
        string mutation,
        string clientKey,
        byte[] inputHash,
        Func<Task<CommandResult>> run,
        CancellationToken cancellation)
    {
        var key = new ReceiptKey(space, actor, mutation, clientKey);
        if (await ClaimAsync(key, inputHash, cancellation) is { } known)
            return known;
        var result = await run();
        await AnswerAsync(key, result.Rejection, cancellation);
        return result;
    }

    private sealed record ReceiptKey(string Space, Address Actor, string Mutation, string ClientKey);

    private async Task<CommandResult?> ClaimAsync(ReceiptKey key, byte[] inputHash, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            insert into api.mutation_receipt (space, actor, mutation, client_key, input_hash) values ($1, $2, $3, $4, $5)
            on conflict (space, actor, mutation, client_key) do update set client_key = excluded.client_key
            returning input_hash, answered, code, field, message
            """);
        AddKey(command, key);
        command.Parameters.Add(new() { Value = inputHash });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        if (!reader.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(inputHash))
            return new IdempotencyConflict();
        if (!reader.GetBoolean(1))
            return null;
        return reader.IsDBNull(2)
            ? CommandResult.Done
            : new Answered(reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetString(4));
    }

    private async Task AnswerAsync(ReceiptKey key, Rejection? rejection, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            update api.mutation_receipt set answered = true, code = $5, field = $6, message = $7
            where space = $1 and actor = $2 and mutation = $3 and client_key = $4 and not answered
            """);
        AddKey(command, key);
        command.Parameters.Add(new() { Value = (object?)rejection?.Code ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)FieldOf(rejection) ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)rejection?.Message ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static void AddKey(NpgsqlCommand command, ReceiptKey key)
    {
        command.Parameters.Add(new() { Value = key.Space });
        command.Parameters.Add(new() { Value = key.Actor.ToBytes() });
        command.Parameters.Add(new() { Value = key.Mutation });
        command.Parameters.Add(new() { Value = key.ClientKey });
    }

    /// <summary>The input field that a refusal is about, where it is about one.</summary>
    public static string? FieldOf(Rejection? rejection) => rejection switch
    {
        InvalidValue invalid => invalid.Field,
        Answered answered => answered.Field,
        _ => null,
    };

    private sealed record Answered(string AnsweredCode, string? Field, string AnsweredMessage) : Rejection(AnsweredCode, AnsweredMessage);
}
