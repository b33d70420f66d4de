using Grants.Domain.VotingPower;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Marten;
using Npgsql;

namespace Grants.Service.VotingPower;

/// <summary>
/// Voting power as rows: computed once from finalized logs when a vote opens, read when a ballot comes. Casting a ballot
/// needs no node.
/// </summary>
public sealed class PowerStore(NpgsqlDataSource database, ChainView chain)
{
    /// <summary>Balances of the token at a finalized block, from all its transfers up to that block.</summary>
    public async Task<PowerSnapshot> SnapshotAsync(long chainId, Address token, long block, CancellationToken cancellation)
    {
        var logs = await chain.FinalizedLogsAsync(chainId, token, Erc20.Transfer.Topic0, block, cancellation);
        return PowerSnapshot.OfBalances(Transfers(logs));
    }

    /// <summary>Stores a snapshot for a proposal in the session's transaction; harmless when run again.</summary>
    public static void Store(IDocumentSession session, Hash32 proposal, PowerSnapshot snapshot) => session.QueueSqlCommand(
        """
        insert into voting.power (proposal, account, power)
        select ?, account, power::numeric from unnest(?, ?) as row (account, power)
        on conflict (proposal, account) do nothing
        """,
        proposal.ToBytes(),
        snapshot.Accounts.Select(account => account.Account.ToBytes()).ToArray(),
        snapshot.Accounts.Select(account => account.Power.ToString()).ToArray());

    /// <summary>Base units; zero where the account had none.</summary>
    public async Task<UInt256> PowerOfAsync(Hash32 proposal, Address account, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "select power::text from voting.power where proposal = $1 and account = $2");
        command.Parameters.Add(new() { Value = proposal.ToBytes() });
        command.Parameters.Add(new() { Value = account.ToBytes() });
        return await command.ExecuteScalarAsync(cancellation) is string power ? UInt256.Parse(power) : UInt256.Zero;
    }

    /// <summary>The whole snapshot of a proposal, as stored.</summary>
    public async Task<PowerSnapshot> LoadAsync(Hash32 proposal, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select account, power::text from voting.power where proposal = $1");
        command.Parameters.Add(new() { Value = proposal.ToBytes() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var accounts = new List<AccountPower>();
        while (await reader.ReadAsync(cancellation))
            accounts.Add(new AccountPower(new Address(reader.GetFieldValue<byte[]>(0)), UInt256.Parse(reader.GetString(1))));
        return PowerSnapshot.Of(accounts);
    }

    private static IEnumerable<PowerTransfer> Transfers(IEnumerable<Ethereum.JsonRpc.RpcLog> logs)
    {
        foreach (var log in logs)
        {
            if (Erc20.Transfer.TryDecode(log, out var values))
                yield return new PowerTransfer((Address)values![0], (Address)values[1], (UInt256)values[2]);
        }
    }
}
