using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Hosting.Changes;
using Npgsql;

namespace Grants.Service.Ballots;

public static class BallotsReactions
{
    /// <summary>A withdrawn proposal takes no more ballots.</summary>
    public static Task Handle(ProposalWithdrawn withdrawn, NpgsqlDataSource database, CancellationToken cancellation) =>
        CloseAsync(withdrawn.ProposalId, database, cancellation);

    /// <summary>Nor does a cancelled one.</summary>
    public static Task Handle(ProposalCancelled cancelled, NpgsqlDataSource database, CancellationToken cancellation) =>
        CloseAsync(cancelled.ProposalId, database, cancellation);

    private static async Task CloseAsync(Hash32 proposal, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("update voting.ballot_window set closed = true where proposal = $1");
        command.Parameters.Add(new() { Value = proposal.ToBytes() });
        await command.ExecuteNonQueryAsync(cancellation);
        await ChangeNotices.SendAsync(database, Proposal.StreamId(proposal), cancellation);
    }
}
