using System.Text.Json.Nodes;
using Grants.Domain.Disbursements;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Disbursements.Sending;
using Grants.Service.Disbursements.Watching;
using Grants.Service.Tests.Access;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Disbursements;

/// <summary>Chain, ledger and signer are compared; where they differ, nothing is signed until people have looked.</summary>
public sealed class WatchingTests(PayoutRig rig) : IClassFixture<PayoutRig>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_signature_that_the_ledger_does_not_know_pauses_the_treasury_until_two_persons_have_looked()
    {
        var services = rig.Run.App.Services;
        var paid = await rig.AwardAsync();
        await rig.GiveAsync(paid);
        await rig.MineUntilAsync(paid, DisbursementState.Finalized);
        var report = (await services.GetRequiredService<Reconciler>().CompareAsync(Cancellation))!;
        Assert.Empty(report.Result.Rows);
        Assert.Equal((1, new BasisPoints(10_000)), (report.Result.Agreeing, report.Result.VerifiedShare));

        Assert.Equal(UInt256.Zero, report.Result.Value.Settled - paid.Amount);
        await CompareOnAsync(services.GetRequiredService<Reconciler>(), report);

        var next = (await rig.LedgerAsync())!.Next;
        Assert.True(services.GetRequiredService<SignerJournal>().TryWrite(
            new JournalLine(rig.Chain.ChainId, next, Keccak256.Hash("other orders"), Keccak256.Hash("a transaction"))));
        await services.GetRequiredService<TreasuryWatchdog>().ReconcileAsync(Cancellation);
        Assert.False(services.GetRequiredService<TreasuryHealth>().MaySign);
        Assert.NotNull((await rig.ControlAsync())!.Pause);

        var client = await rig.SignInAsync(Cast.Ada);
        var seen = await client.QueryAsync(
            "{ incidents(first: 10, open: true) { edges { node { id incidentId kind what nextStep } } } reconciliation { agrees } }",
            null,
            Cancellation);
        Assert.False(seen["reconciliation"]!["agrees"]!.GetValue<bool>());
        var incident = Assert.Single(seen["incidents"]!["edges"]!.AsArray())!["node"]!;
        Assert.Equal("DISAGREEMENT", incident["kind"]!.GetValue<string>());
        Assert.Contains($"signed for nonce {next}", incident["what"]!.GetValue<string>(), StringComparison.Ordinal);
        var found = await client.QueryAsync(
            "query ($i: ID!) { node(id: $i) { ... on Incident { incidentId } } }",
            new { i = incident["id"]!.GetValue<string>() },
            Cancellation);
        Assert.Equal(incident["incidentId"]!.GetValue<string>(), found["node"]!["incidentId"]!.GetValue<string>());
        var before = DateTimeOffset.UtcNow;
        var resolved = await ResolveAsync(client, incident["incidentId"]!.GetValue<string>(), "A restored copy.");
        Assert.Equal("A restored copy.", resolved["note"]!.GetValue<string>());
        var counted = await client.QueryAsync(
            "query ($m: AsOfInput) { open: incidents(first: 1, open: true) { totalCount } all: incidents(first: 1) { totalCount } "
                + "then: incidents(first: 1, open: true, asOf: $m) { totalCount edges { node { resolvedBy } } } }",
            new { m = new { time = before } },
            Cancellation);
        Assert.Equal([0, 1, 1], new[] { "open", "all", "then" }.Select(list => counted[list]!["totalCount"]!.GetValue<int>()));
        Assert.Null(Assert.Single(counted["then"]!["edges"]!.AsArray())!["node"]!["resolvedBy"]);
    }

    // A session alone closes nothing.
    private static async Task<JsonNode> ResolveAsync(ApiClient client, string id, string note)
    {
        JsonObject Input() => new() { ["incidentId"] = id, ["note"] = note };
        Task<JsonNode> SendAsync(JsonObject input) =>
            client.MutateAsync("resolveIncident", "incident", "resolvedBy note", input, Cancellation);
        var refused = await Assert.ThrowsAsync<DemoException>(() => SendAsync(Input()));
        Assert.Contains("AUTHORIZATION_REQUIRED", refused.Message, StringComparison.Ordinal);
        return await SendAsync(await Consent.SignAsync(client, Cast.Ada, "resolveIncident", $"{id} {note}", Input(), Cancellation));
    }

    // From what agreed on only where it is still so; then what was before counts as it did.
    private async Task CompareOnAsync(Reconciler reconciler, ReconciliationReport last)
    {
        var second = await rig.AwardAsync();
        await rig.GiveAsync(second);
        await rig.MineUntilAsync(second, DisbursementState.Finalized);
        var on = (await reconciler.CompareAsync(last, Cancellation))!;
        Assert.Equal(last.Block.Number + 1, on.FromBlock);
        Assert.Equal((2, new BasisPoints(10_000), true), (on.Result.Agreeing, on.Result.VerifiedShare, on.Result.Agrees));
        var whole = (await reconciler.CompareAsync(on with { Block = on.Block with { Hash = default } }, Cancellation))!;
        Assert.Equal((on.Result.Value, last.FromBlock), (whole.Result.Value, whole.FromBlock));
        var wrong = on.Result with { Rows = [new(Finding.Underfunded, "vault", "Holds less.")] };
        Assert.Equal(last.FromBlock, (await reconciler.CompareAsync(on with { Result = wrong }, Cancellation))!.FromBlock);
    }
}
