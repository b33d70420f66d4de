using Grants.Domain;
using Grants.Domain.VotingPower;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Marten;
using Npgsql;

namespace Grants.Service.VotingPower;

/// <summary>
/// Voting power as rows: computed once from finalized logs when a vote opens, read when a ballot comes. Casting a ballot
/// needs no node.
/// </summary>
public sealed class PowerStore(NpgsqlDataSource database, ChainView chain, NodeAnswers node)
{
    /// <summary>
    /// Everybody's power at a finalized block, from all logs of the strategies' contracts up to it, and from what the node answers at
    /// it where only a contract can tell.
    /// </summary>
    /// <param name="fromBlock">Nothing that counts happened before it: the oldest contract's deployment.</param>
    /// <returns>
    /// The power, or why it cannot be told: <c>POWER_NOT_INDEXED</c>, <c>POWER_INCONSISTENT</c>, <c>POWER_NOT_READABLE</c>.
    /// </returns>
    public async Task<(MaterialisedPower? Power, Rejection? Rejection)> MaterialiseAsync(
        long chainId, PowerRules rules, long fromBlock, BlockRef block, CancellationToken cancellation)
    {
        foreach (var contract in rules.Contracts())
        {
            if (!await chain.IsCoveredAsync(chainId, contract, fromBlock, block.Number, cancellation))
                return (null, new PowerNotIndexed(contract));
        }

        var reader = new PowerReader(
            (contract, topic0, toBlock) => chain.FinalizedLogsAsync(chainId, contract, topic0, toBlock, cancellation),
            node.At(block.Hash, cancellation));
        return await reader.ReadAsync(rules, block);
    }

    /// <summary>Stores the power of a vote and its evidence in the session's transaction; once a vote.</summary>
    public static void Store(IDocumentSession session, Hash32 vote, MaterialisedPower power)
    {
        Store(session, vote, power.Snapshot);
        if (PowerEvidenceRecorded.Of(vote, power.Block, power.Readings) is { Count: > 0 } evidence)
            session.Events.StartStream<PowerEvidenceRecorded>(PowerEvidenceRecorded.StreamId(vote), evidence);
    }

    /// <summary>Stores a snapshot for a vote in the session's transaction; harmless when run again.</summary>
    public static void Store(IDocumentSession session, Hash32 vote, PowerSnapshot snapshot) => session.QueueSqlCommand(
        """
        insert into voting.power (vote, account, power)
        select ?, account, power::numeric from unnest(?, ?) as row (account, power)
        on conflict (vote, account) do nothing
        """,
        vote.ToBytes(),
        snapshot.Accounts.Select(account => account.Account.ToBytes()).ToArray(),
        snapshot.Accounts.Select(account => account.Power.ToString()).ToArray());

    /// <summary>Base units; zero where the account had none in a vote of the space.</summary>
    public async Task<UInt256> PowerOfAsync(string space, Hash32 vote, Address account, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select p.power::text from voting.power p join voting.ballot_window w on w.vote = p.vote and w.space = $3
            where p.vote = $1 and p.account = $2
            """);
        command.Parameters.Add(new() { Value = vote.ToBytes() });
        command.Parameters.Add(new() { Value = account.ToBytes() });
        command.Parameters.Add(new() { Value = space });
        return await command.ExecuteScalarAsync(cancellation) is string power ? UInt256.Parse(power) : UInt256.Zero;
    }

    /// <summary>Base units, in the order asked for; zero where an account had none.</summary>
    public async Task<UInt256[]> PowerOfAsync(IReadOnlyList<(Hash32 Vote, Address Account)> asked, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select asked.place, power.power::text
            from unnest($1, $2) with ordinality as asked (vote, account, place)
            join voting.power on power.vote = asked.vote and power.account = asked.account
            """);
        command.Parameters.Add(new() { Value = asked.Select(of => of.Vote.ToBytes()).ToArray() });
        command.Parameters.Add(new() { Value = asked.Select(of => of.Account.ToBytes()).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var powers = new UInt256[asked.Count];
        while (await reader.ReadAsync(cancellation))
            powers[reader.GetInt64(0) - 1] = UInt256.Parse(reader.GetString(1));
        return powers;
    }

    /// <summary>The Merkle tree of a vote's snapshot, without the accounts.</summary>
    public async Task<PowerTree> TreeAsync(Hash32 vote, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select account, power::text from voting.power where vote = $1");
        command.Parameters.Add(new() { Value = vote.ToBytes() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var leaves = new List<Hash32>();
        while (await reader.ReadAsync(cancellation))
            leaves.Add(PowerTree.Leaf(new AccountPower(new Address(reader.GetFieldValue<byte[]>(0)), UInt256.Parse(reader.GetString(1)))));
        return PowerTree.Of(leaves);
    }

    /// <summary>The whole snapshot of a vote, as stored.</summary>
    public async Task<PowerSnapshot> LoadAsync(Hash32 vote, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select account, power::text from voting.power where vote = $1");
        command.Parameters.Add(new() { Value = vote.ToBytes() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var accounts = new List<AccountPower>();
        while (await reader.ReadAsync(cancellation))
            accounts.Add(new AccountPower(new Address(reader.GetFieldValue<byte[]>(0)), UInt256.Parse(reader.GetString(1))));
        return PowerSnapshot.Of(accounts);
    }
}
