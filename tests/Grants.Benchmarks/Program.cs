using System.Globalization;
using System.Text.Json;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Grants.Benchmarks;
using Grants.Benchmarks.Api;
using Grants.Benchmarks.Ballots;
using Grants.Benchmarks.Chain;
using Grants.Benchmarks.Ledgers;
using Grants.Benchmarks.Payouts;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Tests.Oracles;

switch (args)
{
    case ["ballots", ..]:
        await BallotBenchmark.RunAsync(NumberOr(20_000));
        return;
    case ["api", ..]:
        await ApiBenchmark.RunAsync(NumberOr(4_000));
        return;
    case ["chain", ..]:
        await ChainBenchmark.RunAsync(NumberOr(200_000));
        return;
    case ["certify", ..]:
        await CertifyBenchmark.RunAsync(NumberOr(1_000_000));
        return;
    case ["payouts", ..]:
        await PayoutBenchmark.RunAsync(NumberOr(2_000));
        return;
    case ["ledger", ..]:
        LedgerBenchmark.Run(NumberOr(1_000_000), awards: args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 500);
        return;
}

// In this process: a second build of the project would miss the settings that the first was given.
var config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "results"));
var summary = BenchmarkRunner.Run<EthereumBenchmarks>(config, args);
var viem = await MeasureViemAsync();

Console.WriteLine();
Console.WriteLine($"secp256k1 in use: {Secp256k1.Active}");
Console.WriteLine($"{"",-26}{"ns each",14}{"a second",14}{"viem ns each",16}{"times viem",12}");
foreach (var report in summary.Reports.Where(report => report.Success))
    Console.WriteLine(Line(report));

int NumberOr(int otherwise) => args.Length > 1 ? int.Parse(args[1], NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;

string Line(BenchmarkReport report)
{
    var name = report.BenchmarkCase.Descriptor.WorkloadMethod.Name;
    var (ours, theirs) = (report.ResultStatistics!.Mean, viem[name.Split('_')[0]]);
    return string.Create(
        CultureInfo.InvariantCulture, $"{name,-26}{ours,14:N0}{1e9 / ours,14:N0}{theirs,16:N0}{theirs / ours,12:N1}");
}

static async Task<Dictionary<string, double>> MeasureViemAsync()
{
    using var node = await OraclePackages.StartAsync("bench.mjs");
    await node.StandardInput.WriteLineAsync(new Work().ToJson());
    node.StandardInput.Close();
    var figures = new Dictionary<string, double>();
    while (await node.StandardOutput.ReadLineAsync() is { } line)
    {
        var figure = JsonElement.Parse(line);
        figures.Add(figure.GetProperty("name").GetString()!, figure.GetProperty("nanoseconds").GetDouble());
    }

    return figures;
}
