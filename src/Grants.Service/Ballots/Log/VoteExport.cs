using System.Security.Cryptography;
using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Export;
using Grants.Domain.Ballots.Log;
using Grants.Domain.VotingPower;
using Grants.Primitives;
using Grants.Service.VotingPower;

namespace Grants.Service.Ballots.Log;

/// <summary>
/// Writes a closed vote as NDJSON from which everything can be computed again: see <see cref="ExportLine"/>. Ballots are read and
/// written in small portions; only the tree of the power snapshot is in memory, 64 bytes an account.
/// </summary>
public sealed class VoteExport(BallotStore ballots, PowerStore power, LogReader log, TreeHeadSigner signer)
{
    private const int Portion = 512;

    public async Task WriteAsync(CertifiedVote vote, Stream output, CancellationToken cancellation)
    {
        using var lines = new Lines(output);
        var certificate = vote.Signed.Certificate;
        var head = await log.HeadAsync(certificate.Space, certificate.LogSize, cancellation);
        await lines.AddAsync(
            new ExportManifest(ExportFormat.Version, vote.Terms, vote.Outcome, vote.Signed, head, signer.Address), cancellation);
        var tree = await power.TreeAsync(certificate.Vote, cancellation);
        var next = 0L;
        await foreach (var portion in ballots.RecordsAsync(certificate.Space, certificate.Vote, cancellation)
            .Chunk(Portion).WithCancellation(cancellation))
        {
            var others = await OthersAsync(certificate.Space, Gaps(next, portion), cancellation);
            foreach (var record in portion)
            {
                while (others.TryPeek(out var leaves) && leaves.First < record.Index)
                    await lines.AddAsync(others.Dequeue(), cancellation);
                await lines.AddAsync(ExportedBallot.Of(record, ProofOf(record, tree)), cancellation);
            }

            next = portion[^1].Index + 1;
        }

        foreach (var leaves in await OthersAsync(certificate.Space, [new LeafSpan(next, certificate.LogSize)], cancellation))
            await lines.AddAsync(leaves, cancellation);
        await lines.SealAsync(cancellation);
    }

    private static IReadOnlyList<Hash32> ProofOf(BallotRecord record, PowerTree tree) =>
        tree.Proof(new AccountPower(record.Ballot.Voter, record.Power))
        ?? throw new InvalidDataException($"Ballot {record.Index} counts with a power that {record.Ballot.Voter} did not have.");

    // Where other votes' leaves stand: between each ballot and the one before.
    private static IEnumerable<LeafSpan> Gaps(long next, BallotRecord[] portion)
    {
        foreach (var record in portion)
        {
            yield return new LeafSpan(next, record.Index);
            next = record.Index + 1;
        }
    }

    private async Task<Queue<OtherLeaves>> OthersAsync(string space, IEnumerable<LeafSpan> gaps, CancellationToken cancellation)
    {
        LeafSpan[] subtrees = [.. gaps.SelectMany(LogPath.Cover)];
        var roots = await log.RootsAsync(space, subtrees, cancellation);
        return new(subtrees.Zip(roots, (subtree, root) => new OtherLeaves(subtree.First, subtree.Level, root)));
    }

    private sealed class Lines(Stream output) : IDisposable
    {
        private readonly IncrementalHash seal = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public async Task AddAsync(ExportLine line, CancellationToken cancellation)
        {
            byte[] bytes = [.. ExportFormat.Write(line), (byte)'\n'];
            seal.AppendData(bytes);
            await output.WriteAsync(bytes, cancellation);
        }

        public Task SealAsync(CancellationToken cancellation) =>
            AddAsync(new ExportSeal(new Hash32(seal.GetCurrentHash())), cancellation);

        public void Dispose() => seal.Dispose();
    }
}
