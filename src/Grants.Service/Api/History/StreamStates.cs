using System.Runtime.CompilerServices;
using Grants.Service.Hosting.Changes;
using JasperFx.Events;
using Marten;

namespace Grants.Service.Api.History;

/// <summary>What is told of a stream.</summary>
/// <param name="Space">Whose it is.</param>
/// <param name="Stream">Its id.</param>
/// <param name="Evolve">Folds its events.</param>
/// <param name="Show">
/// What a client sees of a state, by the present one and that one; null for nothing. What is hidden now was not public before either.
/// </param>
/// <param name="What">It is, for who asks for one that there is not.</param>
public sealed record ToldStream<TState>(
    string Space, string Stream, Func<TState?, object, TState?> Evolve, Func<TState, TState, object?> Show, string What)
    where TState : class;

/// <summary>
/// A stream's aggregate as it changes. An event of a stream is committed before the next one of it gets its sequence, so that whoever has
/// seen one has seen, or been told of, all before it.
/// </summary>
public static class StreamStates
{
    /// <param name="told">Of which stream, and how.</param>
    /// <param name="after">
    /// The last sequence that was seen: what it was behind each later event is told, in their order and each once. Null for what it is now,
    /// and the newest whenever that changes.
    /// </param>
    /// <exception cref="ProtocolError">There is no such stream, or it is not shown.</exception>
    public static async IAsyncEnumerable<Told> TellAsync<TState>(
        ChangeFeed changes,
        IDocumentStore store,
        ToldStream<TState> told,
        long? after,
        [EnumeratorCancellation] CancellationToken cancellation = default)
        where TState : class
    {
        async Task<IReadOnlyList<IEvent>> EventsAsync(CancellationToken token)
        {
            await using var session = store.QuerySession(told.Space);
            return await session.Events.FetchStreamAsync(told.Stream, token: token);
        }

        using var follower = changes.Follow(ChangeNotices.Topic(told.Space, told.Stream));
        var (folded, state, seen, last) = (0, (TState?)null, (TState?)null, (object?)null);
        while (true)
        {
            await follower.WaitAsync(cancellation);
            var events = await follower.LookTogetherAsync(EventsAsync, cancellation);
            var fresh = new List<(long Sequence, TState State)>();
            foreach (var one in events.Skip(folded))
            {
                state = told.Evolve(state, one.Data);
                if (one.Sequence <= after)
                    seen = state;
                else if (state is not null)
                    fresh.Add((one.Sequence, state));
            }

            folded = Math.Max(folded, events.Count);
            if (state is null || told.Show(state, state) is null)
                throw new ProtocolError("NOT_FOUND", $"There is no such {told.What}.");
            last ??= seen is null ? null : told.Show(state, seen);
            foreach (var (sequence, then) in after is null ? fresh.TakeLast(1) : fresh)
            {
                if (told.Show(state, then) is not { } shown || shown.Equals(last))
                    continue;
                last = shown;
                yield return new Told(sequence, shown);
            }
        }
    }
}
