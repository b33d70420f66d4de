namespace Grants.Service.Api;

/// <summary>
/// A stream whose next item is made when it is asked for. The engine's own streams push their items into a queue that has
/// no bound; here a client that is slow slows down nothing but its own stream.
/// </summary>
public sealed class PulledStream<T>(IAsyncEnumerable<T> items) : IObservable<T>
{
    public IAsyncEnumerable<T> Items { get; } = items;

    public IDisposable Subscribe(IObserver<T> observer) => throw new NotSupportedException("This stream is pulled.");
}
