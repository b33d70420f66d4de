using System.Text.Json;
using Xunit;

namespace Grants.Domain.Tests;

/// <summary>
/// Given past events, when a command is decided, then these events or this refusal follow. Each accepted decision is
/// decided again on the state that it produced and must then yield nothing.
/// </summary>
internal sealed class Spec<TState>(Func<TState?, object, TState?> evolve)
    where TState : class
{
    private TState? state;
    private Func<TState?, Decision>? decide;

    public Spec<TState> Given(params object[] events)
    {
        state = events.Aggregate(state, evolve);
        return this;
    }

    public Spec<TState> When(Func<TState?, Decision> command)
    {
        decide = command;
        return this;
    }

    public TState? Then(params object[] expected)
    {
        var decision = decide!(state);
        Assert.Null(decision.Rejection);
        Assert.Equal(expected.Select(Stored), decision.Events.Select(Stored));
        var after = decision.Events.Aggregate(state, evolve);
        var again = decide(after);
        Assert.True(again.IsAccepted, $"Decided again, the command is refused: {again.Rejection}");
        Assert.Empty(again.Events);
        return after;
    }

    public void ThenNothing()
    {
        var decision = decide!(state);
        Assert.Null(decision.Rejection);
        Assert.Empty(decision.Events);
    }

    public void ThenRejected(string code)
    {
        var decision = decide!(state);
        Assert.NotNull(decision.Rejection);
        Assert.Equal(code, decision.Rejection.Code);
        Assert.Empty(decision.Events);
    }

    // As the store keeps it: what differs in no stored member is the same event.
    private static string Stored(object @event) => $"{@event.GetType().Name} {JsonSerializer.Serialize(@event, @event.GetType())}";
}
