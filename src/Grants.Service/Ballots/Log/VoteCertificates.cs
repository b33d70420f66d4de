using Grants.Domain.Ballots.Export;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Marten;
using Npgsql;

namespace Grants.Service.Ballots.Log;

/// <summary>The certified result of a vote with the texts that its certificate binds.</summary>
/// <param name="Terms">JSON of <see cref="VoteTerms"/>.</param>
/// <param name="Outcome">JSON of the outcome.</param>
public sealed record CertifiedVote(ExactJson Terms, ExactJson Outcome, SignedVoteCertificate Signed);

/// <summary>
/// Signs the result of a vote when somebody first asks for it, and keeps it: whatever later versions of this program would
/// write, everybody gets the same text under the same signature.
/// </summary>
public sealed class VoteCertificates(
    NpgsqlDataSource database, IDocumentStore store, BallotStore ballots, TreeHeadSigner signer, ChainIdentity chain)
{
    /// <summary>Null where the space has no such vote, or no result of it.</summary>
    public async Task<CertifiedVote?> FindAsync(string space, Hash32 vote, CancellationToken cancellation)
    {
        if (await ballots.VoteAsync(space, vote, cancellation) is not { } stored)
            return null;
        if (await LoadAsync(space, vote, cancellation) is { } known)
            return known;
        await using var session = store.QuerySession(space);
        var proposal = await session.LoadAsync<Proposal>(Proposal.StreamId(stored.ProposalId), cancellation);
        if (proposal?.Rounds.SingleOrDefault(round => round.Opened.VoteId == vote) is not { Result: not null } round)
            return null;
        await KeepAsync(Certify(space, round), cancellation);
        return await LoadAsync(space, vote, cancellation);
    }

    private CertifiedVote Certify(string space, VotingRound round)
    {
        var (opened, result) = (round.Opened, round.Result!);
        var terms = ExportFormat.Write(new VoteTerms(
            space,
            chain.ChainId,
            opened.ProposalId,
            opened.VoteId,
            opened.Round,
            opened.ContentHash,
            opened.Rules,
            new PowerFacts(opened.SnapshotBlock, opened.PowerRoot, opened.TotalPower, opened.Supply, opened.Voters),
            opened.OpensAt.ToUnixTimeMilliseconds(),
            round.ClosesAt.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds()));
        var outcome = ExportFormat.Write(result.Outcome);
        var certificate = new VoteCertificate(
            space,
            opened.VoteId,
            terms.Hash(),
            opened.PowerRoot,
            result.BallotCount,
            result.BallotRoot,
            result.Outcome.IsApproved,
            outcome.Hash(),
            result.LogSize,
            result.LogRoot);
        return new CertifiedVote(terms, outcome, new SignedVoteCertificate(certificate, signer.Sign(certificate.ToTyped())));
    }

    private async Task KeepAsync(CertifiedVote vote, CancellationToken cancellation)
    {
        var (certificate, signature) = vote.Signed;
        await using var command = database.CreateCommand("""
            insert into voting.certificate
              (vote, terms, outcome, power_root, ballots, vote_root, approved, log_size, log_root, signature)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (vote) do nothing
            """);
        foreach (var value in new object[]
        {
            certificate.Vote.ToBytes(), vote.Terms.Text, vote.Outcome.Text, certificate.PowerRoot.ToBytes(), certificate.Ballots,
            certificate.VoteRoot.ToBytes(), certificate.Approved, certificate.LogSize, certificate.LogRoot.ToBytes(), signature,
        })
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<CertifiedVote?> LoadAsync(string space, Hash32 vote, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select terms, outcome, power_root, ballots, vote_root, approved, log_size, log_root, signature
            from voting.certificate where vote = $1
            """);
        command.Parameters.Add(new() { Value = vote.ToBytes() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var (terms, outcome) = (new ExactJson(reader.GetString(0)), new ExactJson(reader.GetString(1)));
        var certificate = new VoteCertificate(
            space,
            vote,
            terms.Hash(),
            new Hash32(reader.GetFieldValue<byte[]>(2)),
            reader.GetInt64(3),
            new Hash32(reader.GetFieldValue<byte[]>(4)),
            reader.GetBoolean(5),
            outcome.Hash(),
            reader.GetInt64(6),
            new Hash32(reader.GetFieldValue<byte[]>(7)));
        return new CertifiedVote(terms, outcome, new SignedVoteCertificate(certificate, reader.GetString(8)));
    }
}
