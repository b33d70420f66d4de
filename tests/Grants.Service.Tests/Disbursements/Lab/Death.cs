using Grants.Chaos;
using Marten;
using Marten.Services;

namespace Grants.Service.Tests.Disbursements.Lab;

/// <summary>The process of the lab is gone.</summary>
internal sealed class KilledException(string point) : Exception($"Killed {point}.");

/// <summary>
/// What happens at a named point of a life: before or after the commit of an event, before or after a request to the node. By default
/// the life ends there: nothing is stored and nothing is asked from then on. Points are called <c>before NonceReserved</c> or
/// <c>after eth_call</c>.
/// </summary>
internal sealed class Death : DocumentSessionListenerBase
{
    private static readonly AsyncLocal<Death?> Now = new();

    private string? point;
    private Func<Task>? action;

    /// <summary>Of the store: it asks the death of whichever life runs.</summary>
    public static IDocumentSessionListener Listener { get; } = new Listening();

    public bool IsOver { get; private set; }

    /// <summary>Whether the point was come to.</summary>
    public bool WasThere { get; private set; }

    /// <summary>What is done in a life, so that its death is found.</summary>
    public async Task RunAsync(Func<Task> work)
    {
        Now.Value = this;
        try
        {
            await work();
        }
        finally
        {
            Now.Value = null;
        }
    }

    /// <param name="at">The point, once.</param>
    /// <param name="then">What happens there; null ends the life.</param>
    public void Arm(string at, Func<Task>? then = null) => (point, action, WasThere) = (at, then, false);

    /// <summary>On the way to the node.</summary>
    public Fault OnWire => async (call, ask, _) =>
    {
        if (IsOver || await StrikesAsync($"before {call.Method}"))
            return new RpcReply.Severed();
        var reply = await ask(call);
        return IsOver || await StrikesAsync($"after {call.Method}") ? new RpcReply.Severed() : reply;
    };

    private async Task<bool> StrikesAsync(string here)
    {
        if (here != point)
            return false;
        (point, WasThere) = (null, true);
        IsOver = action is null;
        if (action is not null)
            await action();
        return IsOver;
    }

    private async Task MeetAsync(string when, IEnumerable<object> events)
    {
        if (IsOver)
            throw new KilledException("before");
        foreach (var name in events.Select(data => data.GetType().Name).Distinct())
        {
            if (await StrikesAsync($"{when} {name}"))
                throw new KilledException($"{when} {name}");
        }
    }

    private sealed class Listening : DocumentSessionListenerBase
    {
        public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token) =>
            Now.Value?.MeetAsync("before", session.PendingChanges.Streams().SelectMany(stream => stream.Events).Select(one => one.Data))
            ?? Task.CompletedTask;

        public override Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token) =>
            Now.Value?.MeetAsync("after", commit.GetEvents().Select(one => one.Data)) ?? Task.CompletedTask;
    }
}
