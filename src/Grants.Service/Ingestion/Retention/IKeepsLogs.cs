using Grants.Primitives;

namespace Grants.Service.Ingestion.Retention;

/// <summary>
/// A feature that reads raw logs of long ago: it is asked before any are let go. Whose logs it names are kept; what it may need only now
/// and then it lets go, and asks for them again (<see cref="ChainRecalls"/>). It is registered as a singleton.
/// </summary>
public interface IKeepsLogs
{
    Task<KeptLogs> KeptAsync(long chainId, CancellationToken cancellation);
}

/// <summary>What a feature does not want to be let go.</summary>
/// <param name="Contracts">All logs of these are read again and again.</param>
/// <param name="Refusal">Why nothing may be let go just now, as a sentence for people; null where nothing speaks against it.</param>
public sealed record KeptLogs(IReadOnlyCollection<Address> Contracts, string? Refusal = null);
