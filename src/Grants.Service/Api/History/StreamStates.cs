using System.Runtime.CompilerServices;
using Grants.Service.Hosting.Changes;
using GraphQL;
using JasperFx.Events;
using Marten;

namespace Grants.Service.Api.History;

/// <summary>
/// A stream's aggregate as it changes. An event of a stream is committed before the next one of it gets its sequence, so that whoever has
/// seen one has seen, or been told of, all before it.
/// </summary>
public static class StreamStates
{
    /// <param name="context">The subscription's: whose stream it is, and what reads it.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="evolve">Folds its events.</param>
    /// <param name="what">It is, for who asks for one that there is not.</param>
    /// <param name="after">
    /// The last sequence that was seen: what it was behind each later event is told, in their order and each once. Null for what it is now,
    /// and the newest whenever that changes.
    /// </param>
    /// <param name="show">
    /// What a client sees of a state, by the present one and that one; null for nothing. What is hidden now was not public before either.
    /// Left out, all of it.
    /// </param>
    /// <exception cref="ProtocolError">There is no such stream, or it is not shown.</exception>
    public static IAsyncEnumerable<Told> TellStream<TState>(
        this IResolveFieldContext context,
        string streamId,
        Func<TState?, object, TState?> evolve,
        string what,
        long? after,
        Func<TState, TState, object?>? show = null)
        where TState : class =>
        TellAsync(
            context.Service<ChangeFeed>(),
            context.Service<IDocumentStore>(),
            new ToldStream<TState>(context.Space(), streamId, evolve, show ?? ((_, then) => then), what),
            after);

    private static async IAsyncEnumerable<Told> TellAsync<TState>(
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

    private sealed record ToldStream<TState>(
        string Space, string Stream, Func<TState?, object, TState?> Evolve, Func<TState, TState, object?> Show, string What)
        where TState : class;
}
