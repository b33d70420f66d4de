using Grants.Domain;
using Grants.Primitives;
using Marten;

namespace Grants.Service.Hosting;

/// <summary>Load, decide, append: the one way in which a command becomes events. The caller's transaction commits them.</summary>
public static class Deciding
{
    /// <summary>
    /// Decides on the current state of a stream and appends what follows. Optimistic: a concurrent writer makes the
    /// commit fail, and the command is decided again.
    /// </summary>
    public static async Task<CommandResult> DecideAsync<TState>(
        this IDocumentSession session, string streamId, Func<TState?, Decision> decide, CancellationToken cancellation)
        where TState : class
    {
        var stream = await session.Events.FetchForWriting<TState>(streamId, cancellation);
        var decision = decide(stream.Aggregate);
        if (decision.Events.Count > 0)
            stream.AppendMany(decision.Events);
        return new CommandResult(decision.Rejection);
    }

    /// <summary>As the other, of different streams that are asked for together: one question to the store for all of them.</summary>
    /// <returns>The first rejection, with its stream; null where all are accepted. Then the caller does not commit.</returns>
    public static async Task<(string StreamId, Rejection Rejection)?> DecideEachAsync<TState>(
        this IDocumentSession session,
        IReadOnlyList<(string StreamId, Func<TState?, Decision> Decide)> commands,
        CancellationToken cancellation)
        where TState : class
    {
        var batch = session.CreateBatchQuery();
        var streams = commands.Select(command => batch.Events.FetchForWriting<TState>(command.StreamId)).ToList();
        await batch.Execute(cancellation);
        foreach (var (command, fetching) in commands.Zip(streams))
        {
            var stream = await fetching;
            var decision = command.Decide(stream.Aggregate);
            if (decision.Rejection is { } rejection)
                return (command.StreamId, rejection);
            if (decision.Events.Count > 0)
                stream.AppendMany(decision.Events);
        }

        return null;
    }

    /// <summary>
    /// Decides what finalized evidence says, in order, on one stream. Each event's identity is derived from its evidence,
    /// so that a space can record the same evidence only once, whatever is delivered twice.
    /// </summary>
    /// <returns>The state that the stream then has.</returns>
    /// <exception cref="UnexplainedEvidenceException">The domain refuses what the chain says has happened.</exception>
    public static async Task<TState?> DecideOnEvidenceAsync<TState>(
        this IDocumentSession session,
        string streamId,
        Func<TState?, object, TState?> evolve,
        IReadOnlyList<(EventKey Evidence, Func<TState?, Decision> Decide)> facts,
        CancellationToken cancellation)
        where TState : class
    {
        var stream = await session.Events.FetchForWriting<TState>(streamId, cancellation);
        var state = stream.Aggregate;
        foreach (var (evidence, decide) in facts)
        {
            var decision = decide(state);
            if (decision.Rejection is { } rejection)
                throw new UnexplainedEvidenceException(streamId, evidence, rejection);
            foreach (var (ordinal, data) in decision.Events.Index())
            {
                var @event = session.Events.BuildEvent(data);
                @event.Id = evidence.EventId($"{session.TenantId}/{streamId}#{data.GetType().Name}#{ordinal}");
                stream.AppendOne(@event);
                state = evolve(state, data);
            }
        }

        return state;
    }
}

/// <summary>
/// The chain did something that nothing of ours explains. Promotion stops, and with it all money, until a person looks.
/// </summary>
public sealed class UnexplainedEvidenceException(string streamId, EventKey evidence, Rejection rejection) : Exception(
    $"{streamId}: {rejection.Message} Evidence: block {evidence.BlockNumber}, log {evidence.LogIndex}, {evidence.TransactionHash}.");
