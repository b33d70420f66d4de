using System.Diagnostics;
using Grants.Domain;
using Grants.Domain.Ballots.Log;
using Grants.Service.Ballots.Log;
using JasperFx;
using Marten;
using Marten.Exceptions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Grants.Service.Ballots.Recording;

/// <summary>
/// Records a batch whatever happens: passing trouble is tried again, a ballot that the database cannot take is found by halving
/// the batch and fails alone, and a commit whose outcome is not known is read back before anybody is answered.
/// </summary>
public sealed class GroupCommit(
    NpgsqlDataSource database,
    IDocumentStore store,
    TreeHeadSigner signer,
    TimeProvider clock,
    IOptions<CastingOptions> options,
    ILogger<GroupCommit> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);

    /// <summary>One answer a ballot, in their order.</summary>
    /// <param name="space">Of all of them.</param>
    public async Task<IReadOnlyList<CastAnswer>> RecordAsync(string space, IReadOnlyList<AdmittedBallot> batch)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            var transaction = new BatchTransaction(database, store, signer, clock, space);
            try
            {
                return await transaction.RunAsync(batch, CancellationToken.None);
            }
            catch (Exception failure)
            {
                log.LogWarning(failure, "{Count} ballots were not recorded at once", batch.Count);
                if (transaction.Pending is { } pending)
                {
                    if (await ReadBackAsync(pending.Head.Head) is not { } committed)
                        return All(batch, new UnknownOutcome(options.Value.RetryAfterSeconds));
                    if (committed)
                        return pending.Answers;
                }
                else if (!IsPassing(failure))
                {
                    return await IsolateAsync(space, batch, failure);
                }

                if (!await WaitAsync(begun, pause))
                    return All(batch, new NotRecorded(options.Value.RetryAfterSeconds));
            }
        }
    }

    private async Task<IReadOnlyList<CastAnswer>> IsolateAsync(string space, IReadOnlyList<AdmittedBallot> batch, Exception failure)
    {
        if (batch is [var only])
        {
            log.LogError(failure, "The ballot {Digest} cannot be recorded", only.Digest);
            return All(batch, new NotRecorded(options.Value.RetryAfterSeconds));
        }

        var half = batch.Count / 2;
        return
        [
            .. await RecordAsync(space, [.. batch.Take(half)]),
            .. await RecordAsync(space, [.. batch.Skip(half)]),
        ];
    }

    // Null where it could not be found out in time.
    private async Task<bool?> ReadBackAsync(TreeHead head)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            try
            {
                return await TreeHeads.IsCommittedAsync(database, head, LockPatience, CancellationToken.None);
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
            {
                if (await WaitAsync(begun, pause))
                    continue;
                log.LogError(failure, "Whether the log of {Space} came to {Size} could not be read back", head.Space, head.Size);
                return null;
            }
        }
    }

    // False where the patience is at its end.
    private async Task<bool> WaitAsync(long begun, TimeSpan pause)
    {
        if (Stopwatch.GetElapsedTime(begun) + pause > TimeSpan.FromSeconds(options.Value.DatabasePatienceSeconds))
            return false;
        await Task.Delay(pause);
        return true;
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private static CastAnswer[] All(IReadOnlyList<AdmittedBallot> batch, Rejection rejection) =>
        [.. batch.Select(_ => (CastAnswer)rejection)];

    private static bool IsPassing(Exception failure) => failure switch
    {
        NpgsqlException database => database.IsTransient,
        ConcurrencyException or ExistingStreamIdCollisionException or TimeoutException or IOException => true,
        _ => failure.InnerException is { } inner && IsPassing(inner),
    };
}
