using Grants.Domain;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Disbursements;
using Xunit;

namespace Grants.Service.Tests.Vesting;

/// <summary>The vault's formula held against the domain's: generated schedules, valid or not, at generated instants.</summary>
public sealed class VaultDifferentialTests(LocalServers servers)
{
    private const int Schedules = 600;
    private const int InstantsOfASchedule = 4;

    private static readonly Hash32 ManagerRole = Keccak256.Hash("MANAGER_ROLE");

    [Fact]
    public async Task the_vault_takes_the_schedules_that_the_domain_takes_and_vests_them_to_the_base_unit()
    {
        var endpoint = await servers.StartChainAsync();
        var rpc = new EthereumRpc(new HttpClient(), endpoint) { Timeout = TimeSpan.FromMinutes(1) };
        var account = new UnlockedAccount(rpc);
        var supply = UInt256.Parse(new string('9', 60));
        var token = await account.DeployAsync(Artifacts.Own(
            "GrantToken", "string,string,address,uint256", "Token", "TKN", UnlockedAccount.Address, supply));
        var vault = await account.DeployAsync(Artifacts.Own("IncentiveVault", "address,address", UnlockedAccount.Address, token));
        await account.SendAsync(vault, IncentiveVault.GrantRole.Encode(ManagerRole, UnlockedAccount.Address));
        await account.SendAsync(token, Erc20.TransferCall.Encode(vault, supply));

        var curves = Enumerable.Range(0, Schedules).Select(number => Draw(new Random(number))).ToList();
        var grants = curves.Select((curve, i) => IncentiveVault.Grant.Encode(
            Id(i), token, UnlockedAccount.Address, curve.Amount, VaultCall.ScheduleOf(curve))).ToList();
        var granted = await account.AskAsync(grants.Select(grant => Request("eth_call", vault, grant, "latest")));
        foreach (var ((i, curve), answer) in curves.Index().Zip(granted))
            Assert.True(curve.Validate() is null == answer.Error is null, $"Case {i}: {curve}: {curve.Validate()}; {answer.Error}");
        Assert.InRange(granted.Count(answer => answer.Error is null), Schedules / 3, Schedules - 50);

        // One after another: side by side they would take each other's nonces.
        foreach (var grant in grants.Where((_, i) => granted[i].Error is null))
            await rpc.RequestAsync("eth_sendTransaction", Request("eth_sendTransaction", vault, grant).Parameters, Cancellation);
        await account.SendAsync(token, Erc20.Approve.Encode(vault, UInt256.One));

        var cases = curves.Index().Where(one => granted[one.Index].Error is null).SelectMany(one =>
        {
            var random = new Random(one.Index);
            return Enumerable.Range(0, InstantsOfASchedule)
                .Select(_ => (one.Index, Curve: one.Item, At: VestingDraw.Instant(random, one.Item)));
        }).ToList();
        var answers = await account.AskAsync(cases.Select(one => Request(
            "eth_call", vault, IncentiveVault.VestedAmount.Encode(Id(one.Index), one.At), "latest")));
        foreach (var ((index, curve, at), answer) in cases.Zip(answers))
        {
            var vested = UInt256.FromBytes(Hex.Parse(answer.Result.GetString()!));
            Assert.True(curve.VestedAmount(at) == vested, $"Case {index}: {curve} at {at}: {curve.VestedAmount(at)}, the vault {vested}.");
        }

        var partly = cases.Count(one => one.Curve.VestedAmount(one.At) is { IsZero: false } part && part < one.Curve.Amount);
        Assert.True(partly > cases.Count / 4, $"{partly} cases are neither at the beginning nor at the end.");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static VestingCurve Draw(Random random) => random.Next(3) switch
    {
        0 => VestingDraw.Stream(random),
        1 => VestingDraw.AnyLine(random),
        _ => VestingDraw.AnyLine(random) with { CliffMode = CliffMode.Retro },
    };

    private static Hash32 Id(int number) => Keccak256.Hash($"award {number}");

    private static RpcRequest Request(string method, Address to, byte[] data, params IEnumerable<object> more) => new(method, [
        new Dictionary<string, object>
        {
            ["from"] = UnlockedAccount.Address, ["to"] = to, ["data"] = Hex.Format(data), ["gas"] = "0x300000",
        },
        .. more,
    ]);
}
