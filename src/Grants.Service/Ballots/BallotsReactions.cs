using Grants.Domain.Proposals;
using Npgsql;

namespace Grants.Service.Ballots;

public static class BallotsReactions
{
    /// <summary>A withdrawn proposal takes no more ballots.</summary>
    public static async Task Handle(ProposalWithdrawn withdrawn, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("update voting.ballot_window set closed = true where proposal = $1");
        command.Parameters.Add(new() { Value = withdrawn.ProposalId.ToBytes() });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
