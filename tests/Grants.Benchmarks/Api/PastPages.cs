using Grants.Benchmarks.Ballots;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Marten;
using Npgsql;

namespace Grants.Benchmarks.Api;

/// <summary>Pages of the past as long as they may be: what is folded for one, whatever its length. They are held to the deadline.</summary>
internal static class PastPages
{
    private const int Rows = 1_000;
    private const int EventsEach = 10;
    private const int Ballots = 20_000;

    private const string Then = "first: 50, asOf: { sequence: 1000000000 }";

    /// <summary>Fills a space of a running service.</summary>
    /// <returns>Each with its name and what is asked.</returns>
    public static async Task<IReadOnlyList<(string Name, string Document)>> FillAsync(
        IDocumentStore store, string connection, string space, long chainId, string folder)
    {
        var pages = new List<(string Name, string Document)>();
        foreach (var length in new[] { 10, 2_000, ProposalContent.BodyLengthMax })
        {
            var program = $"texts of {length}";
            await FillAsync(store, space, program, new string('x', length));
            pages.Add((
                $"past: {Rows * EventsEach:N0} events, {program}",
                $"{{ proposals(programId: \"{program}\", {Then}) {{ totalCount edges {{ node {{ proposalId title state }} }} }} }}"));
        }

        await using var database = NpgsqlDataSource.Create(connection);
        var (vote, _) = await CertifyBenchmark.RecordAsync(store, database, space, chainId, folder, Ballots);
        pages.Add((
            $"past: {Ballots:N0} ballots",
            $"{{ ballots(voteId: \"{vote.Opened.VoteId}\", orderBy: POWER_DESC, {Then}) {{ "
                + "edges { node { voter choice power } } } }"));
        return pages;
    }

    private static async Task FillAsync(IDocumentStore store, string space, string program, string text)
    {
        var (account, now) = (new Address(Keccak256.Hash("benchmark").ToBytes().AsSpan(12)), DateTimeOffset.UtcNow.AddDays(-1));
        foreach (var part in Enumerable.Range(0, Rows).Chunk(100))
        {
            await using var session = store.LightweightSession(space);
            foreach (var i in part)
            {
                var id = Keccak256.Hash($"{program} {i}");
                ProposalContent Content(int version) => new($"A thing, number {i}.{version}", text, 1_000, account);
                session.Events.StartStream<Proposal>(
                    Proposal.StreamId(id),
                    [
                        new ProposalDrafted(id, program, account, Content(0), now),
                        .. Enumerable.Range(1, EventsEach - 2).Select(version => new ProposalRevised(id, account, Content(version), now)),
                        new ProposalSubmitted(id, account, Content(EventsEach - 2).Hash(), now),
                    ]);
            }

            await session.SaveChangesAsync();
        }
    }
}
