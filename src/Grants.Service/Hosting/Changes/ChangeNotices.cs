using Marten;
using Npgsql;

namespace Grants.Service.Hosting.Changes;

/// <summary>
/// Says in every transaction which streams it appends to, so that whoever follows one, on whichever node, looks again once the
/// transaction is committed. The topic of a stream is its id in its space.
/// </summary>
public sealed class ChangeNotices : DocumentSessionListenerBase
{
    internal const string Channel = "grants";

    // No command of ours has parameters, so the mark for them is one that no text has.
    private const char NoPlaceholder = '\0';

    public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        foreach (var topic in Topics(session))
            Queue(session, topic);
        return Task.CompletedTask;
    }

    /// <summary>Says so of a change that is no event, in the session's transaction.</summary>
    public static void Queue(IDocumentSession session, string topic) =>
        session.QueueSqlCommand(NoPlaceholder, $"notify {Channel}, '{topic.Replace("'", "''", StringComparison.Ordinal)}'");

    /// <summary>What is followed of a stream.</summary>
    public static string Topic(string space, string streamId) => $"{space}/{streamId}";

    /// <summary>The same for a change that is no event.</summary>
    public static async Task SendAsync(NpgsqlDataSource database, string topic, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select pg_notify($1, $2)");
        command.Parameters.Add(new() { Value = Channel });
        command.Parameters.Add(new() { Value = topic });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static IEnumerable<string> Topics(IDocumentSession session) =>
        session.PendingChanges.Streams().Select(stream => Topic(stream.TenantId!, stream.Key!)).Distinct(StringComparer.Ordinal);
}
