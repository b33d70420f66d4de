using System.Text.Json;
using Grants.Domain;
using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Demo;
using Xunit;

namespace Grants.Service.Tests.Vesting;

/// <summary>Generated schedules at generated instants, held against the contracts that vest the same way, on a local L2.</summary>
public sealed class VestingDifferentialTests(LocalServers servers)
{
    private const int Streams = 2_000;
    private const int Wallets = 500;
    private const int InstantsOfAWallet = 4;
    private const int Lives = 24;

    private static readonly UInt256 NoCap = UInt256.MaxValue;

    private static readonly AbiFunction VestedAmount = AbiFunction.Parse("function vestedAmount(uint64 timestamp)");

    private static readonly Dictionary<int, UInt256> NoVerdicts = [];

    [Fact]
    public async Task schedules_vest_as_streams_of_sablier_lockup()
    {
        var lockup = await SablierLockup.DeployAsync(await OwnChainAsync());
        var cases = Enumerable.Range(0, Streams).Select(number => new Random(number)).Select(random =>
        {
            var curve = VestingDraw.Stream(random);
            return (Curve: curve, At: VestingDraw.Instant(random, curve));
        }).ToList();
        string[] reads = ["streamedAmountOf", "withdrawableAmountOf", "refundableAmountOf"];
        var answers = await lockup.AskAsync(cases.Select(one => (
            one.At, (byte[][])[lockup.Create(one.Curve), .. reads.Select(read => SablierLockup.Read(read, 1))])));
        for (var i = 0; i < cases.Count; i++)
        {
            var (curve, at) = cases[i];
            Assert.Null(curve.Validate());
            var position = new VestingPosition(curve);
            var cancelled = position with { Cancellation = new(at, CancellationMode.KeepVested) };
            UInt256[] expected = [position.VestedAmount(at), position.Releasable(at, NoCap, 0), cancelled.Clawback(0)];
            Assert.True(expected.SequenceEqual(answers[i]?.Skip(1) ?? []), Difference(i, curve, at, expected, answers[i]?[1..]));
        }

        Assert.True(cases.Count(IsPartly) > Streams / 3, $"{cases.Count(IsPartly)} cases are neither at the beginning nor at the end.");
    }

    [Fact]
    public async Task what_sablier_lockup_refuses_is_refused_and_nothing_else_is()
    {
        var lockup = await SablierLockup.DeployAsync(await OwnChainAsync());
        var lines = Enumerable.Range(0, 400).Select(number => VestingDraw.AnyLine(new Random(number))).ToList();
        var answers = await lockup.AskAsync(lines.Select(line => (line.StartAt, (byte[][])[lockup.Create(line)])));
        for (var i = 0; i < lines.Count; i++)
        {
            var problem = lines[i].Validate();
            Assert.True(problem is null == answers[i] is not null, $"Case {i}: {lines[i]}: {problem?.Message ?? "accepted"}");
        }

        Assert.InRange(lines.Count(line => line.Validate() is null), 50, 350);
    }

    [Fact]
    public async Task schedules_vest_as_wallets_of_openzeppelin_with_a_cliff()
    {
        var account = await OwnChainAsync();
        var lines = Enumerable.Range(0, Wallets).Select(number => VestingDraw.Wallet(new Random(number))).ToList();
        var wallets = await account.AskAsync(lines.Select(line => Creation(Artifacts.Own(
            "CliffWallet",
            "address,uint64,uint64,uint64",
            UnlockedAccount.Address,
            line.StartAt,
            line.DurationSeconds,
            line.CliffSeconds))));
        var cases = lines.Zip(wallets).Select((pair, i) => (Line: pair.First, Code: pair.Second.Result, Random: new Random(i))).SelectMany(
            one => Enumerable.Range(0, InstantsOfAWallet).Select(_ => (one.Line, one.Code, At: VestingDraw.Instant(one.Random, one.Line))))
            .ToList();
        var answers = await account.AskAsync(cases.Select(one => Read(one.Code, one.Line.Amount, VestedAmount.Encode(one.At))));
        for (var i = 0; i < cases.Count; i++)
        {
            var (line, _, at) = cases[i];
            var answer = UInt256.FromBytes(Hex.Parse(answers[i].Result.GetString()!));
            Assert.True(line.VestedAmount(at) == answer, Difference(i, line, at, [line.VestedAmount(at)], [answer]));
        }

        Assert.Equal(Wallets * InstantsOfAWallet, answers.Count);
        Assert.True(cases.Count(one => IsPartly((one.Line, one.At))) > answers.Count / 4);
    }

    [Fact]
    public async Task a_stream_of_sablier_lockup_that_is_withdrawn_from_and_cancelled_pays_what_a_position_does()
    {
        var account = await OwnChainAsync();
        var lockup = await SablierLockup.DeployAsync(account);
        var now = await account.TimeAsync();
        var random = new Random(1);
        var lives = Enumerable.Range(1, Lives).Select(
            stream => (Stream: stream, Curve: Shift(VestingDraw.Stream(random, 4_000), now))).ToList();
        foreach (var some in lives.Chunk(8))
            await lockup.SendAsync(some.Select(life => lockup.Create(life.Curve)));

        var (paidAt, cancelledAt, askedAt) = (now + 3_000, now + 4_500, now + 20_000);
        var released = lives.ToDictionary(
            life => life.Stream, life => VestingDraw.Part(random, new VestingPosition(life.Curve).Releasable(paidAt, NoCap, 0)));
        await account.SetTimeAsync(paidAt);
        await lockup.SendAsync(released.Where(one => !one.Value.IsZero).Select(one => SablierLockup.Withdraw(one.Key, one.Value)));
        await account.SetTimeAsync(cancelledAt);
        await lockup.SendAsync(SablierLockup.Cancel(released.Keys));

        string[] reads = ["getRefundedAmount", "withdrawableAmountOf"];
        var answers = await lockup.AskAsync(lives.Select(life => (
            askedAt, reads.Select(read => SablierLockup.Read(read, life.Stream)).ToArray())));
        foreach (var ((stream, curve), answer) in lives.Zip(answers))
        {
            var position = new VestingPosition(
                curve, VestingPauses.None, NoVerdicts, new VestingCancellation(cancelledAt, CancellationMode.KeepVested));
            UInt256[] expected = [position.Clawback(released[stream]), position.Releasable(askedAt, NoCap, released[stream])];
            Assert.True(expected.SequenceEqual(answer!), Difference(stream, curve, askedAt, expected, answer));
        }

        Assert.Contains(answers, answer => !answer![0].IsZero && !answer[1].IsZero);
    }

    private async Task<UnlockedAccount> OwnChainAsync()
    {
        var endpoint = await servers.StartChainAsync();
        return new UnlockedAccount(new EthereumRpc(new HttpClient(), endpoint) { Timeout = TimeSpan.FromMinutes(1) });
    }

    private static bool IsPartly((VestingCurve Curve, long At) one) =>
        one.Curve.VestedAmount(one.At) is { IsZero: false } vested && vested < one.Curve.Amount;

    private static RpcRequest Creation(byte[] code) =>
        new("eth_call", new Dictionary<string, object> { ["data"] = Hex.Format(code) }, "latest");

    // A wallet is there for one call: its code is what its creation returned, its balance what was drawn.
    private static RpcRequest Read(JsonElement code, UInt256 balance, byte[] data)
    {
        const string Wallet = "0x00000000000000000000000000000000000000ad";
        var account = new Dictionary<string, object> { ["code"] = code, ["balance"] = $"0x{balance.ToBigInteger():x}" };
        return new RpcRequest(
            "eth_call",
            new Dictionary<string, object> { ["to"] = Wallet, ["data"] = Hex.Format(data) },
            "latest",
            new Dictionary<string, object> { [Wallet] = account });
    }

    private static VestingCurve Shift(VestingCurve curve, long seconds) => curve switch
    {
        LinearVesting line => line with { StartAt = line.StartAt + seconds },
        TranchedVesting tranched => new TranchedVesting(
            [.. tranched.Tranches.Select(tranche => tranche with { At = tranche.At + seconds })]),
        _ => throw new ArgumentOutOfRangeException(nameof(curve)),
    };

    private static string Difference(int number, VestingCurve curve, long at, UInt256[] expected, UInt256[]? answered) =>
        $"Case {number}: {curve} at {at}: here {string.Join(", ", expected)}; there {string.Join(", ", answered ?? [])}";
}
