using System.ComponentModel;
using GraphQL;
using JasperFx.Events;
using Marten;

namespace Grants.Service.Api.History;

/// <summary>A moment of a space's past: behind an event, or at an instant.</summary>
public sealed record AsOfInput(
    [property: Description("Behind this event, as in _meta.")] long? Sequence,
    [property: Description("At this instant of the service's own clock.")] DateTimeOffset? Time);

/// <summary>What was known at a moment: the events until then, folded as they were when they came.</summary>
public static class AsOf
{
    public const string Name = "asOf";

    public const string Description = "What was known then, by one of sequence and time; now where absent.";

    public const string OfList =
        "The list as it was then, by one of sequence and time; now where absent. The other arguments are judged by how things were then.";

    /// <summary>The moment that is asked for; null for now.</summary>
    /// <exception cref="ProtocolError">It is none or two.</exception>
    public static AsOfInput? MomentOf(IResolveFieldContext context)
    {
        var moment = context.GetArgument<AsOfInput?>(Name);
        return moment is null || moment.Sequence is null != moment.Time is null
            ? moment is { Time: { } time } ? moment with { Time = time.ToUniversalTime() } : moment
            : throw new ProtocolError("BAD_USER_INPUT", "asOf takes one of sequence and time.");
    }

    /// <summary>The moment that a row is of, asked for by the field or the list that told it; null for now.</summary>
    public static AsOfInput? MomentOfRow(IResolveFieldContext context)
    {
        for (var above = context.Parent; above is not null; above = above.Parent)
        {
            if (above.HasArgument(Name))
                return MomentOf(above);
        }

        return null;
    }

    /// <summary>
    /// With what the places of a list begin at the moment that is asked for, so that a cursor of one moment leads nowhere in another; empty
    /// for now. Nothing else begins so.
    /// </summary>
    /// <exception cref="ProtocolError">The moment is none or two.</exception>
    public static string PlaceOf(IResolveFieldContext context) => MomentOf(context) switch
    {
        null => "",
        { Sequence: { } sequence } => $"{sequence} ",
        var moment => $"{moment.Time:O} ",
    };

    /// <summary>
    /// The instant of a moment: of an event it is that of the space's last one until then. Null where there was none yet.
    /// </summary>
    public static async Task<DateTimeOffset?> InstantAsync(
        this IQuerySession session, AsOfInput moment, CancellationToken cancellation) => moment.Time
            ?? (await session.Events.QueryAllRawEvents().Until(moment).OrderByDescending(one => one.Sequence).Take(1)
                .ToListAsync(cancellation)).SingleOrDefault()?.Timestamp;

    /// <summary>The events until a moment.</summary>
    public static IQueryable<IEvent> Until(this IQueryable<IEvent> events, AsOfInput moment)
    {
        if (moment.Sequence is { } sequence)
            events = events.Where(one => one.Sequence <= sequence);
        if (moment.Time is { } time)
            events = events.Where(one => one.Timestamp <= time);
        return events;
    }

    /// <summary>The events of a stream until a moment, the oldest first.</summary>
    public static async Task<IReadOnlyList<object>> EventsAsync(
        this IQuerySession session, string stream, AsOfInput moment, CancellationToken cancellation)
    {
        var events = await session.Events.FetchStreamAsync(stream, timestamp: moment.Time, token: cancellation);
        return [.. events.Where(e => moment.Sequence is null || e.Sequence <= moment.Sequence).Select(e => e.Data)];
    }

    /// <summary>The events of some streams until a moment, by their stream, the oldest first.</summary>
    /// <param name="most">No more than so many, all together.</param>
    public static async Task<ILookup<string, object>> EventsAsync(
        this IQuerySession session, string[] streams, AsOfInput moment, CancellationToken cancellation, int most = int.MaxValue)
    {
        var found = await session.Events.QueryAllRawEvents()
            .Where(one => one.StreamKey!.IsOneOf(streams))
            .Until(moment)
            .OrderBy(one => one.Sequence)
            .Take(most)
            .ToListAsync(cancellation);
        return found.ToLookup(one => one.StreamKey!, one => one.Data);
    }

    /// <summary>The state of an aggregate now, or at the moment that is asked for; null where there was none.</summary>
    public static async Task<T?> LoadAsOfAsync<T>(this IResolveFieldContext context, string id, Func<T?, object, T?> evolve)
        where T : class
    {
        var session = context.Service<IQuerySession>();
        return MomentOf(context) is { } moment
            ? (await session.EventsAsync(id, moment, context.CancellationToken)).Aggregate((T?)null, evolve)
            : await session.LoadAsync<T>(id, context.CancellationToken);
    }
}
