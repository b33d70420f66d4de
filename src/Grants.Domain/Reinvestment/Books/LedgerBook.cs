using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Books;

/// <summary>
/// A <see cref="Ledger"/> while many flows are posted to it, in place: the same numbers without a copy a flow. Whoever replays
/// a history works with this; what is stored is the ledger.
/// </summary>
public sealed class LedgerBook
{
    private static readonly ImmutableSortedSet<string> NoIds = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    private readonly AccountBook[] accounts;
    private readonly UInt256[] granted;
    private readonly HashSet<string> seen;
    private UInt256 releasedSeconds;
    private long stoodSeconds;
    private long? firstReleaseAt;

    private LedgerBook(Ledger ledger, HashSet<string> seen)
    {
        this.seen = seen;
        accounts = [.. ledger.Accounts.Select(AccountBook.Of)];
        granted = new UInt256[accounts.Length];
        (Time, Released, releasedSeconds) = (ledger.Time, ledger.Released, ledger.ReleasedSeconds);
        (firstReleaseAt, stoodSeconds) = (ledger.FirstReleaseAt, ledger.StoodSeconds);
    }

    /// <summary>Seconds since 1970 up to which the integrals run.</summary>
    public long Time { get; private set; }

    public UInt256 Released { get; private set; }

    /// <summary>A book to post a whole history to, from its beginning.</summary>
    public static LedgerBook Begin() => new(Ledger.Empty, new HashSet<string>(StringComparer.Ordinal));

    /// <summary>A book that goes on from a ledger; which flows it has seen, the ledger knows.</summary>
    internal static LedgerBook Of(Ledger ledger) => new(ledger, []);

    /// <summary>Does as <see cref="Ledger.Tick"/>.</summary>
    public void Tick(long at)
    {
        if (at <= Time)
            return;
        releasedSeconds += Released * (ulong)(at - Time);
        foreach (var account in accounts)
            account.Tick(Time, at, Released);
        Time = at;
    }

    /// <summary>Does as <see cref="Ledger.Apply"/>.</summary>
    public void Post(Flow flow, PolicyVenue? venue, long at)
    {
        if (seen.Add(flow.Id))
            PostNew(flow, venue, at);
    }

    /// <summary>The ledger as it stands.</summary>
    public Ledger ToLedger() => ToLedger(seen.ToImmutableSortedSet(StringComparer.Ordinal));

    internal void Receive(UInt256 own)
    {
        foreach (var account in accounts)
            account.Receive(UInt256.Zero, own);
    }

    internal void PostNew(Flow flow, PolicyVenue? venue, long at)
    {
        Tick(at);
        for (var i = 0; i < accounts.Length; i++)
            granted[i] = accounts[i].Post(flow, venue, Time);
        if (flow.Kind == FlowKind.Release)
        {
            Released += flow.Amount;
            firstReleaseAt ??= Time;
        }

        AssertConserved(flow);
    }

    /// <summary>Does as <see cref="Ledger.Settle"/>.</summary>
    internal void Settle(string flowId, FlowKind kind)
    {
        foreach (var account in accounts)
            account.Settle(flowId, kind);
    }

    /// <summary>Does as <see cref="Ledger.PassOn"/>.</summary>
    internal void PassOn(string flowId, Address to)
    {
        foreach (var account in accounts)
            account.PassOn(flowId, to);
    }

    /// <summary>How much of the last flow was granted tokens.</summary>
    internal GrantParts Granted() => new(granted[0], granted[1], granted[2], granted[3]);

    internal Ledger ToLedger(ImmutableSortedSet<string> flows) =>
        With(flows, [.. accounts.Select(account => account.ToAccount(withLiquidLots: true))]);

    /// <summary>All that rules are judged by, until the next flow is posted.</summary>
    internal Ledger ToJudge() => With(NoIds, new JudgedAccounts(accounts));

    private Ledger With(ImmutableSortedSet<string> flows, IReadOnlyList<Account> ofConventions) =>
        new(Time, Released, releasedSeconds, firstReleaseAt, flows, ofConventions) { StoodSeconds = stoodSeconds };

    private void AssertConserved(Flow flow)
    {
        for (var i = 0; i < accounts.Length; i++)
        {
            if (accounts[i].Accounted() is var accounted && accounted != Released)
            {
                throw new InvalidOperationException(
                    $"After flow {flow.Id} {(Convention)i} accounts for {accounted} of {Released} released base units.");
            }
        }
    }
}
