using System.Diagnostics;
using System.Text;
using Grants.Domain.Disbursements;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.Embedded;
using Xunit;

namespace Grants.Service.Tests.Disbursements;

/// <summary>The verb <c>rebuild-journal</c> as an operator runs it: in a process of its own, on the service's store and chain.</summary>
public sealed class JournalVerbTests(PayoutRig rig) : IClassFixture<PayoutRig>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Journal => $"{rig.OperatorKeyFile}.journal";

    [Fact]
    public async Task a_lost_journal_is_written_anew_unless_the_chain_has_a_nonce_that_nobody_gave_out()
    {
        await PayAsync(await rig.AwardAsync());
        await PayAsync(await rig.AwardAsync());
        await rig.StopAsync();
        var lost = await LinesAsync();
        File.Delete(Journal);

        Assert.Equal((0, $"{lost.Count} nonces were written"), await RunAsync(lost.Count));
        Assert.Equal(lost, await LinesAsync());
        Assert.Equal((0, "0 nonces were written"), await RunAsync(0));

        // Somebody else used the key, and then the journal is lost again.
        File.Delete(Journal);
        var foreign = await rig.Chain.Node.TransactionCountAsync(rig.Operator.Address, BlockTag.Latest, Cancellation);
        var theft = new Eip1559Transaction(
            rig.Chain.ChainId, foreign, 900_000_000_000, 900_000_000_000, 21_000, Cast.Bo.Address, UInt256.One, []);
        await rig.Chain.Node.SendRawTransactionAsync(theft.Sign(rig.Operator).Raw, Cancellation);
        await rig.Chain.MineAsync(1, Cancellation);
        var (refused, why) = await RunAsync(null);
        Assert.Equal(1, refused);
        Assert.Contains("UnknownNonce", why, StringComparison.Ordinal);
        Assert.False(File.Exists(Journal));

        await rig.StartAsync();
        await ResumeAsync();
        await rig.StopAsync();
        Assert.Equal((0, $"{lost.Count} nonces were written"), await RunAsync(lost.Count));
        await rig.StartAsync();
        var next = await rig.AwardAsync();
        await PayAsync(next);
        Assert.Equal(foreign + 1, Assert.Single((await rig.StateAsync(next)).Nonces).Nonce);
        Assert.Equal([.. lost.Order(), foreign + 1], await LinesAsync());
    }

    private async Task PayAsync(TreasuryOrder order)
    {
        await rig.GiveAsync(order);
        await rig.MineUntilAsync(order, DisbursementState.Finalized);
        await rig.MineUntilAsync(
            order, state => rig.LedgerAsync().GetAwaiter().GetResult()!.Open.IsEmpty && state.Live is null, "its nonce is closed");
        Assert.Equal(1, await rig.PaymentsAsync(order));
    }

    // Where the comparison at the start paused the treasury.
    private async Task ResumeAsync()
    {
        await Eventually.TrueAsync(
            async () => (await rig.ControlAsync())?.Pause is not null, TimeSpan.FromMinutes(2), "the treasury is paused");
        var pause = (await rig.ControlAsync())!.Pause!;
        foreach (var person in new[] { "ada", "bo" })
            Assert.True((await rig.InvokeAsync(
                new ResumeTreasury(rig.Chain.ChainId, person, Cast.Ada.Address, pause.At, DateTimeOffset.UtcNow))).IsAccepted);
    }

    /// <summary>The nonces that the journal has.</summary>
    private async Task<List<long>> LinesAsync() =>
        [.. (await File.ReadAllLinesAsync(Journal, Cancellation)).Select(line =>
            System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("Nonce").GetInt64())];

    /// <summary>Runs the verb; what it says of so many nonces, or all that it says.</summary>
    private async Task<(int Code, string Said)> RunAsync(int? written)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Grants.Service.dll");
        var folder = Directory.CreateTempSubdirectory("grants-verb-");
        var start = new ProcessStartInfo("dotnet", ["exec", program, "rebuild-journal", "--data", folder.FullName])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = LocalServers.Home,
        };
        start.Environment["ConnectionStrings__Grants"] = rig.Database;
        start.Environment["Chains__0__Rpc"] = rig.Node.ToString();
        start.Environment["Chains__0__IsDevelopment"] = "true";
        start.Environment["Treasury__KeyFile"] = rig.OperatorKeyFile;
        using var process = Process.Start(start)!;
        var said = new StringBuilder();
        await Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
        await process.WaitForExitAsync(Cancellation);
        folder.Delete(recursive: true);
        var expected = $"{written} nonces were written";
        return (process.ExitCode, $"{said}".Contains(expected, StringComparison.Ordinal) ? expected : $"{said}");

        async Task ReadAsync(StreamReader reader)
        {
            var text = await reader.ReadToEndAsync(Cancellation);
            lock (said)
                said.Append(text);
        }
    }
}
