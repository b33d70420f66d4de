using System.Diagnostics;
using Grants.Domain.Ballots;
using Grants.Primitives;
using Grants.Service;
using Grants.Service.Ballots;
using Grants.Service.Ballots.Log;
using Grants.Service.Ballots.Recording;
using Grants.Service.Hosting.Embedded;
using Marten;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Grants.Benchmarks.Ballots;

/// <summary>
/// The close of a vote with very many ballots: <c>certify [ballots]</c>. They are recorded as the service does, but not signed, and
/// every tenth replaces another.
/// </summary>
internal static class CertifyBenchmark
{
    private const int Batch = 1_024;

    public static async Task RunAsync(int ballots)
    {
        var folder = Directory.CreateTempSubdirectory("grants-benchmark-").FullName;
        try
        {
            await using var servers = await EmbeddedServers.StartAsync(
                new(folder, LocalFolder.Find(), WithChain: false), CancellationToken.None);
            using var store = await BallotBenchmark.StoreAsync(servers.ConnectionString);
            await using var database = NpgsqlDataSource.Create(servers.ConnectionString);
            var reading = new BallotStore(database, store);
            var (prepared, recording) = await RecordAsync(store, database, "space", 1, folder, ballots);
            Console.WriteLine($"{ballots:N0} ballots recorded in {recording.TotalSeconds:N1} s");

            var certifying = Stopwatch.StartNew();
            await using var session = store.LightweightSession("space");
            await CertificationHandlers.Handle(
                new CertifyVoting(prepared.Opened.ProposalId, prepared.Opened.VoteId),
                session, database, reading, new Later(prepared.Opened.ClosesAt), CancellationToken.None);
            await session.SaveChangesAsync();
            Console.WriteLine(
                $"closed, counted and certified in {certifying.Elapsed.TotalSeconds:N1} s, with at most "
                + $"{Process.GetCurrentProcess().PeakWorkingSet64 / 1024 / 1024:N0} MB in use");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A vote, and how long its ballots took to be recorded.</summary>
    /// <param name="folder">Where the log's key is, or is put.</param>
    public static async Task<(PreparedVote Vote, TimeSpan Recording)> RecordAsync(
        IDocumentStore store, NpgsqlDataSource database, string space, long chainId, string folder, int ballots)
    {
        var prepared = await PreparedVote.OpenAsync(store, space, chainId, new Wallets(1));
        var vote = (await new BallotStore(database, store).VoteAsync(space, prepared.Opened.VoteId, CancellationToken.None))!;
        var signer = new TreeHeadSigner(
            Options.Create(new BallotLogOptions { KeyFile = Path.Combine(folder, "log.key") }), new ChainIdentity(chainId));
        var commit = new GroupCommit(
            database, store, signer, TimeProvider.System, Options.Create(new CastingOptions()), NullLogger<GroupCommit>.Instance);
        var recording = Stopwatch.StartNew();
        foreach (var part in Enumerable.Range(0, ballots).Chunk(Batch))
            await commit.RecordAsync(space, [.. part.Select(number => Ballot(vote, prepared.BallotOf(0), number, ballots))]);
        return (prepared, recording.Elapsed);
    }

    private static AdmittedBallot Ballot(StoredVote vote, SignedBallot like, int number, int ballots)
    {
        // The last tenth votes again.
        var (voter, nonce) = number < ballots * 9L / 10 ? (number, 1UL) : (number - (int)(ballots * 9L / 10), 2UL);
        var account = new Address(Keccak256.Hash($"voter {voter}").ToBytes().AsSpan(12));
        var digest = Keccak256.Hash($"ballot {number}");
        return new AdmittedBallot(
            vote,
            like with { Voter = account, Nonce = nonce, Choice = $"{1 + (number % 3)}" },
            $"0x{new string('5', 130)}",
            SignatureKind.Ecdsa,
            digest,
            (UInt256)(ulong)(1_000_000_000 + voter));
    }

    private sealed class Later(DateTimeOffset time) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time;
    }
}
