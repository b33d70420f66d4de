using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Hosting.Changes;
using JasperFx.MultiTenancy;
using Npgsql;

namespace Grants.Service.Ballots;

public static class BallotsReactions
{
    /// <summary>A withdrawn proposal takes no more ballots.</summary>
    public static Task Handle(ProposalWithdrawn withdrawn, TenantId space, NpgsqlDataSource database, CancellationToken cancellation) =>
        CloseAsync(space.Value, withdrawn.ProposalId, database, cancellation);

    /// <summary>Nor does a cancelled one.</summary>
    public static Task Handle(ProposalCancelled cancelled, TenantId space, NpgsqlDataSource database, CancellationToken cancellation) =>
        CloseAsync(space.Value, cancelled.ProposalId, database, cancellation);

    private static async Task CloseAsync(string space, Hash32 proposal, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "update voting.ballot_window set closed = true where proposal = $1 and space = $2");
        command.Parameters.Add(new() { Value = proposal.ToBytes() });
        command.Parameters.Add(new() { Value = space });
        await command.ExecuteNonQueryAsync(cancellation);
        await ChangeNotices.SendAsync(database, ChangeNotices.Topic(space, Proposal.StreamId(proposal)), cancellation);
    }
}
