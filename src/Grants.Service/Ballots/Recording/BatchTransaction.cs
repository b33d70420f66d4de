using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Log;
using Grants.Primitives;
using Grants.Service.Ballots.Log;
using Marten;
using Npgsql;

namespace Grants.Service.Ballots.Recording;

/// <summary>
/// One transaction for a batch of ballots of one space: it holds the space's log, which is the order of the space, then the votes'
/// windows; it judges, and writes the rows, the log with its new head, and one event a vote.
/// </summary>
internal sealed class BatchTransaction(
    NpgsqlDataSource database, IDocumentStore store, TreeHeadSigner signer, TimeProvider clock, string space)
{
    /// <summary>What will be answered once the commit is known to have happened; null before it was sent.</summary>
    public (SignedTreeHead Head, IReadOnlyList<CastAnswer> Answers)? Pending { get; private set; }

    public async Task<IReadOnlyList<CastAnswer>> RunAsync(IReadOnlyList<AdmittedBallot> batch, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var log = await LogAppend.LockAsync(connection, space, cancellation);
        var windows = await BatchRows.HoldAsync(connection, batch.Select(ballot => ballot.Ballot.Proposal).Distinct(), cancellation);
        var judged = await PrepareAsync(connection, batch, windows, log.Size, cancellation);
        var verdicts = batch.Select(judged.Judge).ToList();
        var known = await HeadsAsync(connection, verdicts, log.Size, cancellation);
        if (judged.Accepted.Count == 0)
            return [.. verdicts.Select(verdict => Answer(verdict, known, null))];
        var head = await WriteAsync(connection, transaction, judged, windows, log, cancellation);
        CastAnswer[] answers = [.. verdicts.Select(verdict => Answer(verdict, known, head))];
        Pending = (head, answers);
        await transaction.CommitAsync(cancellation);
        return answers;
    }

    private async Task<BatchJudgement> PrepareAsync(
        NpgsqlConnection connection,
        IReadOnlyList<AdmittedBallot> batch,
        Dictionary<Hash32, HeldWindow> windows,
        long firstIndex,
        CancellationToken cancellation)
    {
        var keys = batch.Select(ballot => new BallotKey(ballot.Ballot.Proposal, ballot.Ballot.Voter)).Distinct().ToList();
        var current = await BatchRows.CurrentAsync(connection, keys, cancellation);
        var older = batch.Select(ballot => (Key: new BallotKey(ballot.Ballot.Proposal, ballot.Ballot.Voter), ballot.Ballot.Nonce))
            .Where(ballot => current.GetValueOrDefault(ballot.Key) is { } last && ballot.Nonce < last.Nonce)
            .Distinct()
            .ToList();
        var earlier = await BatchRows.EarlierAsync(connection, older, cancellation);
        // Whole milliseconds: that is what a leaf of the log says.
        var at = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        return new BatchJudgement(windows, current, earlier, firstIndex, at);
    }

    private async Task<SignedTreeHead> WriteAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        BatchJudgement judged,
        Dictionary<Hash32, HeldWindow> windows,
        LogFrontier log,
        CancellationToken cancellation)
    {
        await BatchRows.WriteAsync(connection, judged, TallyChange.Of(judged), cancellation);
        var at = judged.Accepted[0].Record.AcceptedAt;
        Hash32[] leaves = [.. judged.Accepted.Select(accepted => BallotLog.Leaf(accepted.Record))];
        var head = await LogAppend.AppendAsync(connection, space, log, leaves, signer, at, cancellation);
        var options = Marten.Services.SessionOptions.ForTransaction(transaction);
        options.TenantId = space;
        await using var session = store.LightweightSession(options);
        foreach (var vote in judged.Accepted.GroupBy(accepted => accepted.Ballot.Ballot.Proposal))
        {
            var held = windows[vote.Key];
            var recorded = new BallotsRecorded(vote.Key, [.. vote.Select(accepted => accepted.Record)]);
            if (held.Chunks == 0)
                session.Events.StartStream<BallotsRecorded>(BallotStore.StreamId(vote.Key), recorded);
            else
                session.Events.Append(BallotStore.StreamId(vote.Key), recorded);
            await LateQuorum.WatchAsync(connection, session, vote.First().Ballot.Vote, held, at, cancellation);
        }

        await session.SaveChangesAsync(cancellation);
        return head;
    }

    // Ballots that were recorded before get the head that first included them.
    private async Task<Dictionary<long, SignedTreeHead>> HeadsAsync(
        NpgsqlConnection connection, List<Verdict> verdicts, long size, CancellationToken cancellation)
    {
        var heads = new Dictionary<long, SignedTreeHead>();
        long[] indexes =
        [
            .. verdicts
                .Where(verdict => verdict.Rejection is null && verdict.LogIndex < size)
                .Select(verdict => verdict.LogIndex)
                .Distinct(),
        ];
        if (indexes.Length == 0)
            return heads;
        foreach (var (index, head) in await TreeHeads.FirstWithAsync(connection, space, indexes, cancellation))
            heads[index] = head;
        return heads;
    }

    private static CastAnswer Answer(Verdict verdict, Dictionary<long, SignedTreeHead> known, SignedTreeHead? head) =>
        verdict.Rejection is { } rejection
            ? rejection
            : new CastAnswer(new BallotReceipt(verdict.LogIndex, known.GetValueOrDefault(verdict.LogIndex) ?? head!), null);
}
