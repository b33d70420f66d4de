using Grants.Domain.Awards;
using Grants.Domain.Disbursements;
using Grants.Domain.Reinvestment;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Disbursements;
using Marten;

namespace Grants.Service.Reports;

/// <summary>A payment to come.</summary>
/// <param name="State">Of its order; null where it is not ordered yet.</param>
/// <param name="Held">What stands against it: of the award, of people, or of the vault; null where nothing does.</param>
/// <param name="Simulation">What the vault says to it at the block: OK, or why it would revert; null where it is not due yet.</param>
public sealed record PayoutRow(AwardTerms Terms, PlannedRelease Release, DisbursementState? State, string? Held, string? Simulation);

/// <summary>Who gets what of a program, when, from which tranche, and what holds it; nothing is changed by asking.</summary>
/// <param name="At">The block that it is simulated at.</param>
/// <param name="Rows">By award, each in order.</param>
public sealed record PayoutPreview(BlockRef At, IReadOnlyList<PayoutRow> Rows)
{
    public const string Passes = "OK";

    /// <summary>No more are simulated than one body of JSON-RPC asks; the others say so by their null.</summary>
    private const int MostSimulated = 100;

    /// <param name="session">Of the program's space.</param>
    /// <param name="node">Simulates.</param>
    /// <param name="sender">The treasury's account; null where there is none, and then nothing is simulated.</param>
    /// <param name="records">The program.</param>
    /// <param name="until">Seconds since 1970; null for what is due now.</param>
    /// <exception cref="RpcException">The node does not answer.</exception>
    public static async Task<PayoutPreview> ReadAsync(
        IQuerySession session, EthereumRpc node, Address? sender, ProgramRecords records, long? until, CancellationToken cancellation)
    {
        var head = (await node.BlockAsync(BlockTag.Latest, cancellation) ?? throw new RpcTransportException("The node has no head.")).Ref;
        var monitors = (await session.LoadManyAsync<ReinvestmentMonitor>(
            cancellation, records.Awards.Select(award => ReinvestmentMonitor.StreamId(award.Terms.AwardId))))
            .ToDictionary(monitor => monitor.Id);
        var horizon = head with { TimestampSeconds = Math.Max(head.TimestampSeconds, until ?? 0) };
        var planned = records.Awards.SelectMany(award => PayoutPlan.Of(award, CapOf(award, monitors), horizon)
            .Select(release => (award.Terms, Release: release))).ToList();
        var orders = (await session.LoadManyAsync<Disbursement>(
            cancellation, planned.Select(one => one.Release.ReleaseId).OfType<Hash32>().Select(Disbursement.StreamId)))
            .ToDictionary(order => order.Order.OrderId);
        var due = planned
            .Where(one => one.Release is { ReleaseId: not null, Amount: not null }
                && (one.Release.DueAt ?? 0) <= head.TimestampSeconds
                && orders.GetValueOrDefault(one.Release.ReleaseId.Value)?.Live is null)
            .Take(MostSimulated)
            .ToList();
        var said = sender is { } from ? await SimulateAsync(node, from, due, head, cancellation) : [];
        return new PayoutPreview(head, [.. planned.Select(one => RowOf(one.Terms, one.Release, orders, said))]);
    }

    private static Func<UInt256, UInt256> CapOf(Award award, Dictionary<string, ReinvestmentMonitor> monitors) =>
        monitors.GetValueOrDefault(ReinvestmentMonitor.StreamId(award.Terms.AwardId)) is { } monitor
            ? committed => monitor.ComplianceCap(award.Terms.Amount, committed)
            : _ => UInt256.Zero;

    private static PayoutRow RowOf(
        AwardTerms terms, PlannedRelease release, Dictionary<Hash32, Disbursement> orders, Dictionary<Hash32, string> said)
    {
        var order = release.ReleaseId is { } id ? orders.GetValueOrDefault(id) : null;
        var simulation = release.ReleaseId is { } named ? said.GetValueOrDefault(named) : null;
        var held = release.Held ?? order?.Failure ?? (simulation is null or Passes ? null : simulation);
        return new PayoutRow(terms, release, order?.State, held, simulation);
    }

    private static async Task<Dictionary<Hash32, string>> SimulateAsync(
        EthereumRpc node,
        Address sender,
        IReadOnlyList<(AwardTerms Terms, PlannedRelease Release)> due,
        BlockRef at,
        CancellationToken cancellation)
    {
        var outcomes = await node.BatchAsync(
            [.. due.Select(one => VaultCall.Simulation(OrderOf(one.Terms, one.Release), sender, BlockTag.At(at.Number)))], cancellation);
        return due.Zip(outcomes).ToDictionary(
            one => one.First.Release.ReleaseId!.Value, one => one.Second.Error is { } refusal ? VaultCall.ReasonOf(refusal) : Passes);
    }

    private static TreasuryOrder OrderOf(AwardTerms terms, PlannedRelease release) => new(
        release.ReleaseId!.Value,
        TreasuryOrderKind.Release,
        terms.ChainId,
        terms.Vault,
        terms.AwardId,
        release.Tranche,
        terms.Token,
        release.Recipient,
        release.Amount!.Value,
        null);
}
