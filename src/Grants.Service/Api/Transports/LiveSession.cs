namespace Grants.Service.Api.Transports;

/// <summary>A session that is watched while something rests on it.</summary>
/// <param name="Watch">Disposed when nothing rests on it any more.</param>
/// <param name="Ended">Cancelled within seconds of the session's end.</param>
public sealed record LiveSession(Caller Caller, IDisposable Watch, CancellationToken Ended) : IDisposable
{
    public void Dispose() => Watch.Dispose();
}

/// <summary>The session of the value of an <c>Authorization</c> header, or null where there is no such session.</summary>
public delegate Task<LiveSession?> FindSession(string authorization, CancellationToken cancellation);
