using Grants.Ethereum.Following.Finality;
using Grants.Service.Ingestion;
using Microsoft.Extensions.Options;

namespace Grants.Service.Disbursements.Watching;

/// <summary>
/// Whether enough of the chain's nodes have the very block that the ledger rests on. Who follows the chain asks them before a block is
/// final; this is asked again and again, of what was, and by whoever signs.
/// </summary>
public sealed class TreasuryQuorum(IOptions<IngestionOptions> options, ChainView chain, IServiceProvider services)
{
    private readonly Lazy<Quorum?> quorum = new(() => Of(options.Value, services));

    /// <summary>Null where a single node is taken at its word, or nothing is promoted yet.</summary>
    public async Task<bool?> HasAsync(long chainId, CancellationToken cancellation) =>
        quorum.Value is { IsOne: false } nodes && await chain.HeadsAsync(chainId, cancellation) is { } heads
            ? await nodes.HasAsync(heads.Promoted, isFinal: false, cancellation)
            : null;

    // The treasury's chain is the first.
    private static Quorum? Of(IngestionOptions options, IServiceProvider services)
    {
        if (options.Chains is not [var first, ..])
            return null;
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(IngestionModule.HttpClientName);
        var endpoints = first.ConnectAll(http);
        return new Quorum(endpoints, first.QuorumOf(endpoints.Length));
    }
}
