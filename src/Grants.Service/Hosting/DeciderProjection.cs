using JasperFx.Events;
using Marten;
using Marten.Events.Aggregation;

namespace Grants.Service.Hosting;

/// <summary>
/// Folds the events of a stream by the domain's own pure function, so that the domain needs no reference to the store.
/// </summary>
/// <param name="evolve">The domain's <c>Evolve</c>.</param>
public sealed class DeciderProjection<TState>(Func<TState?, object, TState?> evolve) : SingleStreamProjection<TState, string>
    where TState : class
{
    public override TState? Evolve(TState? snapshot, string id, IEvent e) => evolve(snapshot, e.Data);
}

/// <summary>How a feature tells the store of its aggregate.</summary>
public static class DeciderRegistration
{
    /// <summary>
    /// Registers an aggregate with its events. The aliases are the storage contract: they never change, whatever the types are called.
    /// </summary>
    public static void AddDecider<TState>(
        this StoreOptions options, Func<TState?, object, TState?> evolve, params (string Alias, Type Event)[] events)
        where TState : class
    {
        var projection = new DeciderProjection<TState>(evolve);
        foreach (var (alias, type) in events)
        {
            options.Events.MapEventType(type, alias);
            projection.IncludeType(type);
        }

        options.Projections.Add(projection, JasperFx.Events.Projections.ProjectionLifecycle.Inline);
    }
}
