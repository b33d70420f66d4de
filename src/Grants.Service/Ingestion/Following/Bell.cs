namespace Grants.Service.Ingestion.Following;

/// <summary>Wakes who waits for news, or lets pass the time after which one looks anyway. Rings that nobody waits for are one.</summary>
internal sealed class Bell : IDisposable
{
    private readonly SemaphoreSlim rung = new(0, 1);

    /// <summary>There is news.</summary>
    public void Ring()
    {
        try
        {
            rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has rung already.
        }
    }

    /// <summary>Waits for news, at most so long.</summary>
    public Task WaitAsync(TimeSpan most, CancellationToken cancellation) => rung.WaitAsync(most, cancellation);

    public void Dispose() => rung.Dispose();
}
