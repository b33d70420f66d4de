using System.Data;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Ingestion.Following;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace Grants.Service.Audit;

/// <summary>
/// What the audit of a space rests on: the raw events, read in one database snapshot together with the state documents, and the
/// node's own word for the chain. None of the projections or tables that it checks.
/// </summary>
public sealed class AuditFacts : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;

    private AuditFacts(
        string space,
        NpgsqlConnection connection,
        IQuerySession session,
        IReadOnlyList<IEvent> events,
        EthereumRpc node,
        long chainId,
        RpcBlock finalized,
        FollowedChains chains)
    {
        (Space, this.connection, Chains) = (space, connection, chains);
        (Session, Events, Node, ChainId, Finalized) = (session, events, node, chainId, finalized);
    }

    /// <summary>Its id.</summary>
    public string Space { get; }

    /// <summary>Reads the state documents as of the same instant as the events.</summary>
    public IQuerySession Session { get; }

    /// <summary>Every event ever stored in the space, in order.</summary>
    public IReadOnlyList<IEvent> Events { get; }

    public EthereumRpc Node { get; }

    public long ChainId { get; }

    /// <summary>The nodes of other chains, where flows of an award rest on logs of one.</summary>
    public FollowedChains Chains { get; }

    /// <summary>The node's finalized block.</summary>
    public RpcBlock Finalized { get; }

    public static async Task<AuditFacts> ReadAsync(
        string space,
        NpgsqlDataSource database,
        IDocumentStore store,
        EthereumRpc node,
        long chainId,
        FollowedChains chains,
        CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var options = Marten.Services.SessionOptions.ForTransaction(transaction);
        options.TenantId = space;
        var session = store.LightweightSession(options);
        var events = await session.Events.QueryAllRawEvents().OrderBy(e => e.Sequence).ToListAsync(cancellation);
        var finalized = await node.BlockAsync(BlockTag.Finalized, cancellation)
            ?? throw new RpcTransportException("The node knows no finalized block.");
        return new AuditFacts(space, connection, session, events, node, chainId, finalized, chains);
    }

    /// <summary>The data of all events of a type, in order.</summary>
    public IEnumerable<T> Of<T>() => Events.Select(e => e.Data).OfType<T>();

    /// <summary>The state that the events of each stream fold to, by a domain's own function.</summary>
    public IReadOnlyList<TState> Fold<TState>(Func<TState?, object, TState?> evolve)
        where TState : class =>
        [.. Events.GroupBy(e => e.StreamKey)
            .Select(stream => stream.Select(e => e.Data).Aggregate(default(TState), evolve))
            .OfType<TState>()];

    /// <summary>All logs of a contract up to the finalized block, from the node.</summary>
    public Task<IReadOnlyList<RpcLog>> LogsAsync(Address contract, Hash32 topic0, long upToBlock, CancellationToken cancellation) =>
        Node.LogsAsync(0, upToBlock, [contract], [topic0], cancellation);

    /// <summary>What an address holds of a vault's award, at the finalized block.</summary>
    public async Task<(UInt256 Released, UInt256 ClawedBack)> OnChainAsync(Address vault, Hash32 awardId, CancellationToken cancellation)
    {
        var answer = await Node.CallAsync(vault, IncentiveVault.Award.Encode(awardId), Finalized.Hash, cancellation: cancellation);
        var award = IncentiveVault.Award.DecodeOutput(answer);
        return ((UInt256)award[3], (UInt256)award[4]);
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await connection.DisposeAsync();
    }
}
