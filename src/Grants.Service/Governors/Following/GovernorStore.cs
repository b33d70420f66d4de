using System.Collections.Immutable;
using Grants.Domain.Governors;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Marten;
using Npgsql;

namespace Grants.Service.Governors.Following;

/// <summary>How far a governor is followed.</summary>
/// <param name="Followed">Every log up to this block has become an event; null before the first.</param>
/// <param name="IsReady">The past is known up to the block in which the contracts were read.</param>
public sealed record GovernorProgress(BlockRef? Followed, bool IsReady);

/// <summary>
/// The tables behind the following of governors, of the session's space. What is written is queued in the session, because a session
/// without work of its own commits nothing, or where others have work in its transaction; what is read is read in it.
/// </summary>
internal static class GovernorStore
{
    /// <summary>Begins with nothing read.</summary>
    public static void Begin(IDocumentSession session, GovernorRegistered terms)
    {
        session.QueueSqlCommand(
            """
            insert into governor.progress (chain_id, space, governor, from_block, read_at, by_timestamp)
            values (?, ?, ?, ?, ?, ?) on conflict do nothing
            """,
            terms.ChainId,
            session.TenantId,
            terms.Governor.ToBytes(),
            terms.FromBlock,
            terms.ReadAt.Number,
            terms.Clock == GovernorClock.Timestamp);
        AddSource(session, terms, terms.Governor, isRead: true);
        AddSource(session, terms, terms.Token, isRead: false);
        if (terms.TimelockKind == TimelockKind.Controller)
            AddSource(session, terms, terms.Timelock, isRead: true);
    }

    /// <summary>One more contract whose logs must be complete.</summary>
    /// <param name="isRead">They are also read; the token's are looked up instead.</param>
    public static void AddSource(IDocumentSession session, GovernorRegistered terms, Address address, bool isRead) =>
        session.QueueSqlCommand(
            """
            insert into governor.source (chain_id, space, governor, address, is_read, next_block)
            values (?, ?, ?, ?, ?, ?) on conflict do nothing
            """,
            terms.ChainId,
            session.TenantId,
            terms.Governor.ToBytes(),
            address.ToBytes(),
            isRead,
            terms.FromBlock);

    /// <summary>The contracts whose logs are read.</summary>
    public static Task<ImmutableArray<Address>> SourcesAsync(
        IQuerySession session, long chainId, Address governor, CancellationToken cancellation) =>
        session.Connection.Command(
            "select address from governor.source where chain_id = $1 and space = $2 and governor = $3 and is_read",
            chainId, session.TenantId, governor.ToBytes())
            .RowsAsync(reader => new Address(reader.GetFieldValue<byte[]>(0)), cancellation);

    /// <summary>Nobody else takes the governor further until the transaction ends.</summary>
    public static Task LockAsync(IQuerySession session, long chainId, Address governor, CancellationToken cancellation) =>
        session.Connection.Command(
            "select from governor.progress where chain_id = $1 and space = $2 and governor = $3 for update",
            chainId, session.TenantId, governor.ToBytes())
            .ExecuteAsync(cancellation);

    /// <summary>Locks the governors of a chain that nobody is taking further just now.</summary>
    public static Task<ImmutableArray<Address>> LockRestingAsync(
        IQuerySession session, long chainId, CancellationToken cancellation) =>
        session.Connection.Command(
            "select governor from governor.progress where chain_id = $1 and space = $2 for update skip locked", chainId, session.TenantId)
            .RowsAsync(reader => new Address(reader.GetFieldValue<byte[]>(0)), cancellation);

    /// <summary>Those of the governors whose contracts are complete up to a block, and whether something waits for them there.</summary>
    public static Task<ImmutableArray<(Address Governor, bool HasWork)>> CompleteAsync(
        IQuerySession session, long chainId, IReadOnlyList<Address> governors, BlockRef head, CancellationToken cancellation) =>
        session.Connection.Command(
            """
            select p.governor,
              coalesce(p.awaited_snapshot < case when p.by_timestamp then $3 else $2 end, false) or exists (
                select from governor.source s
                join chain.log l on l.chain_id = s.chain_id and l.address = s.address and l.topic0 = any($4)
                  and l.block_number between s.next_block and $2
                join chain.block b on b.id = l.block_id and b.status = 'finalized'
                where s.chain_id = p.chain_id and s.space = p.space and s.governor = p.governor and s.is_read)
            from governor.progress p
            where p.chain_id = $1 and p.governor = any($5) and p.space = $6 and not exists (
              select from governor.source s
              left join chain.watch w on w.chain_id = s.chain_id and w.address = s.address
              where s.chain_id = p.chain_id and s.space = p.space and s.governor = p.governor
                and not coalesce(greatest(w.from_block, w.kept_from) <= p.from_block and (w.backfilled or $2 < w.next_block), false))
            """,
            chainId,
            head.Number,
            head.TimestampSeconds,
            GovernorLogs.Topics.Select(topic => topic.ToBytes()).ToArray(),
            governors.Select(governor => governor.ToBytes()).ToArray(),
            session.TenantId)
            .RowsAsync(reader => (new Address(reader.GetFieldValue<byte[]>(0)), reader.GetBoolean(1)), cancellation);

    /// <summary>The next final logs of the governor and its timelocks up to a block, in their order on the chain.</summary>
    public static Task<ImmutableArray<GovernorLog>> LogsAsync(
        IQuerySession session, long chainId, Address governor, long upToBlock, int limit, CancellationToken cancellation) =>
        session.Connection.Command(
            $"""
            select {ChainSql.LogColumns}, {ChainSql.BlockColumns} from governor.source s
            join chain.log l on l.chain_id = s.chain_id and l.address = s.address and l.topic0 = any($5)
              and l.block_number between s.next_block and $3
            join chain.block b on b.id = l.block_id and b.status = 'finalized'
            where s.chain_id = $1 and s.governor = $2 and s.is_read and s.space = $6
            order by l.block_number, l.log_index limit $4
            """,
            chainId,
            governor.ToBytes(),
            upToBlock,
            limit,
            GovernorLogs.Topics.Select(topic => topic.ToBytes()).ToArray(),
            session.TenantId)
            .RowsAsync(reader => new GovernorLog(chainId, ChainSql.Log(reader), reader.Block(ChainSql.LogColumnCount)), cancellation);

    /// <summary>Everything up to a block is known.</summary>
    /// <param name="awaitedSnapshot">The first snapshot that is not over; null where none is awaited.</param>
    public static void Advance(IDocumentSession session, long chainId, Address governor, BlockRef upTo, long? awaitedSnapshot)
    {
        session.QueueSqlCommand(
            """
            update governor.source set next_block = ?
            where chain_id = ? and space = ? and governor = ? and is_read and next_block <= ?
            """,
            upTo.Number + 1,
            chainId,
            session.TenantId,
            governor.ToBytes(),
            upTo.Number);
        session.QueueSqlCommand(
            "update governor.progress set awaited_snapshot = nullif(?, -1) where chain_id = ? and space = ? and governor = ?",
            awaitedSnapshot ?? -1,
            chainId,
            session.TenantId,
            governor.ToBytes());
    }

    /// <summary>Nothing more happened to governors up to a block.</summary>
    public static Task FollowedAsync(
        IQuerySession session, long chainId, IReadOnlyList<Address> governors, BlockRef upTo, CancellationToken cancellation) =>
        session.Connection.Command(
            """
            update governor.progress set followed_number = $1, followed_hash = $2, followed_timestamp = $3
            where chain_id = $4 and space = $5 and governor = any ($6) and coalesce(followed_number < $1, true)
            """,
            upTo.Number,
            upTo.Hash.ToBytes(),
            upTo.TimestampSeconds,
            chainId,
            session.TenantId,
            governors.Select(governor => governor.ToBytes()).ToArray()).ExecuteAsync(cancellation);

    /// <summary>How far a governor is followed in a space; null where it is not.</summary>
    public static async Task<GovernorProgress?> ProgressAsync(
        NpgsqlConnection connection, string space, long chainId, Address governor, CancellationToken cancellation) =>
        (await ProgressAsync(connection, space, [(chainId, governor)], cancellation)).GetValueOrDefault((chainId, governor));

    /// <summary>How far governors are followed in a space, by their chains and addresses; those that are not are left out.</summary>
    public static async Task<Dictionary<(long ChainId, Address Governor), GovernorProgress>> ProgressAsync(
        NpgsqlConnection connection,
        string space,
        IReadOnlyCollection<(long ChainId, Address Governor)> governors,
        CancellationToken cancellation) =>
        (await connection.Command(
            """
            select followed_number, followed_hash, followed_timestamp, coalesce(followed_number >= read_at, false), chain_id, governor
            from governor.progress join unnest($1::bigint[], $2::bytea[]) as asked (chain_id, governor) using (chain_id, governor)
            where space = $3
            """,
            governors.Select(governor => governor.ChainId).ToArray(),
            governors.Select(governor => governor.Governor.ToBytes()).ToArray(),
            space).RowsAsync(
                reader => (
                    Governor: (reader.GetInt64(4), new Address(reader.GetFieldValue<byte[]>(5))),
                    Progress: new GovernorProgress(reader.IsDBNull(0) ? null : reader.Block(), reader.GetBoolean(3))),
                cancellation))
        .ToDictionary(row => row.Governor, row => row.Progress);

    /// <summary>Remembers whose operations these are.</summary>
    public static Task AddOperationsAsync(
        IQuerySession session, IReadOnlyList<(Hash32 Id, GovernorProposalKey Proposal)> operations, CancellationToken cancellation) =>
        operations.Count == 0 ? Task.CompletedTask : session.Connection.Command(
            """
            insert into governor.operation (chain_id, governor, operation_id, proposal_id, space)
            select $1, $2, id, proposal, $5 from unnest($3::bytea[], $4::bytea[]) as o (id, proposal) on conflict do nothing
            """,
            operations[0].Proposal.ChainId,
            operations[0].Proposal.Governor.ToBytes(),
            operations.Select(operation => operation.Id.ToBytes()).ToArray(),
            operations.Select(operation => operation.Proposal.ProposalId.ToBytes()).ToArray(),
            session.TenantId).ExecuteAsync(cancellation);

    /// <summary>Whose operations these are; an operation of nobody is left out.</summary>
    public static async Task<Dictionary<Hash32, GovernorProposalKey>> OperationsAsync(
        IQuerySession session, long chainId, Address governor, IEnumerable<Hash32> ids, CancellationToken cancellation) =>
        (await session.Connection.Command(
            """
            select operation_id, proposal_id from governor.operation
            where chain_id = $1 and governor = $2 and operation_id = any($3) and space = $4
            """,
            chainId, governor.ToBytes(), ids.Distinct().Select(id => id.ToBytes()).ToArray(), session.TenantId)
            .RowsAsync(
                reader => (Id: reader.Hash(0), Proposal: UInt256.FromBytes(reader.GetFieldValue<byte[]>(1))), cancellation))
        .ToDictionary(row => row.Id, row => new GovernorProposalKey(chainId, governor, row.Proposal));
}
