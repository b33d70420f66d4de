using System.Text.Json;
using Grants.Domain;
using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Demo;

namespace Grants.Service.Tests.Vesting;

/// <summary>Sablier Lockup 4.0.1 on a local chain, with a token that it may take all of.</summary>
internal sealed class SablierLockup
{
    private const string Terms = "(address sender, address recipient, uint128 depositAmount, address token, bool cancelable, "
        + "bool transferable, (uint40 start, uint40 end) timestamps, string shape) params";

    private static readonly AbiFunction CreateLinear = AbiFunction.Parse(
        $"function createWithTimestampsLL({Terms}, (uint128 start, uint128 cliff) unlockAmounts, uint40 granularity, uint40 cliffTime)");

    private static readonly AbiFunction CreateTranched = AbiFunction.Parse(
        $"function createWithTimestampsLT({Terms}, (uint128 amount, uint40 timestamp)[] tranches)");

    private static readonly AbiFunction BatchCall = AbiFunction.Parse("function batch(bytes[] calls) returns (bytes[] results)");

    private static readonly AbiFunction WithdrawCall =
        AbiFunction.Parse("function withdraw(uint256 streamId, address to, uint128 amount)");

    private static readonly AbiFunction CancelCall = AbiFunction.Parse("function cancelMultiple(uint256[] streamIds)");

    private static readonly AbiFunction Approve = AbiFunction.Parse("function approve(address spender, uint256 amount)");

    private readonly UnlockedAccount account;
    private readonly Address contract;
    private readonly Address token;

    private SablierLockup(UnlockedAccount account, Address contract, Address token)
    {
        this.account = account;
        this.contract = contract;
        this.token = token;
    }

    public static async Task<SablierLockup> DeployAsync(UnlockedAccount account)
    {
        var artefact = await SablierPackages.Lockup.ReadAsync("artifacts/SablierLockup.json");
        var comptroller = await account.DeployAsync(Link(
            await SablierPackages.Utilities.ReadAsync("artifacts/SablierComptroller.json"), [], Word(UnlockedAccount.Address)));
        var libraries = new Dictionary<string, Address>();
        foreach (var library in new[] { "LockupMath", "LockupHelpers" })
        {
            var code = Link(await SablierPackages.Lockup.ReadAsync($"artifacts/libraries/{library}.json"), []);
            libraries[library] = await account.DeployAsync(code);
        }

        // The second address draws pictures of streams, which nobody asks for here.
        var contract = await account.DeployAsync(Link(artefact, libraries, [.. Word(comptroller), .. Word(Address.Zero)]));
        var supply = UInt256.Parse(new string('9', 60));
        var token = await account.DeployAsync(Artifacts.Own(
            "GrantToken", "string,string,address,uint256", "Token", "TKN", UnlockedAccount.Address, supply));
        await account.SendAsync(token, Approve.Encode(contract, UInt256.MaxValue));
        return new SablierLockup(account, contract, token);
    }

    /// <summary>A stream of these terms, which its sender can cancel.</summary>
    public byte[] Create(VestingCurve curve)
    {
        var start = curve is LinearVesting ? curve.BeginsAt : 1;
        object[] terms =
        [
            UnlockedAccount.Address, UnlockedAccount.Address, curve.Amount, token, true, false, new object[] { start, curve.EndsAt }, "",
        ];
        if (curve is not LinearVesting line)
        {
            var tranches = ((TranchedVesting)curve).Tranches.Select(tranche => new object[] { tranche.Amount, tranche.At }).ToArray();
            return CreateTranched.Encode(terms, tranches);
        }

        var cliff = line.CliffSeconds == 0 ? 0 : line.StartAt + line.CliffSeconds;
        var unlocks = new object[] { line.StartUnlock, line.CliffUnlock };
        return CreateLinear.Encode(terms, unlocks, line.GranularitySeconds, cliff);
    }

    public static byte[] Withdraw(int stream, UInt256 amount) => WithdrawCall.Encode(stream, UnlockedAccount.Address, amount);

    public static byte[] Cancel(IEnumerable<int> streams) =>
        CancelCall.Encode((object)streams.Select(stream => (object)stream).ToArray());

    /// <summary>Reads a number of a stream.</summary>
    public static byte[] Read(string function, int stream) =>
        AbiFunction.Parse($"function {function}(uint256 streamId)").Encode(stream);

    /// <summary>Does all of it in one transaction.</summary>
    public Task SendAsync(params IEnumerable<byte[]> calls) => account.SendAsync(contract, Batch(calls));

    /// <summary>What a call of all of these, one after another, would return as the only transaction of a block of that time.</summary>
    /// <returns>Each answer as one number; null where the contract refuses one of the calls.</returns>
    public async Task<IReadOnlyList<UInt256[]?>> AskAsync(IEnumerable<(long At, byte[][] Calls)> questions)
    {
        var requests = questions.Select(question => new RpcRequest(
            "eth_call",
            new Dictionary<string, object>
            {
                ["from"] = UnlockedAccount.Address,
                ["to"] = contract,
                ["data"] = Hex.Format(Batch(question.Calls)),
            },
            "latest",
            null,
            new Dictionary<string, object> { ["time"] = $"0x{question.At:x}" }));
        return [.. (await account.AskAsync(requests)).Select(Numbers)];
    }

    private static UInt256[]? Numbers(RpcOutcome outcome)
    {
        if (outcome.Error is { RevertData: not null })
            return null;
        var results = (object[])BatchCall.DecodeOutput(Hex.Parse(outcome.Result.GetString()!))[0];
        return [.. results.Select(result => UInt256.FromBytes((byte[])result))];
    }

    private static byte[] Batch(IEnumerable<byte[]> calls) => BatchCall.Encode((object)calls.Cast<object>().ToArray());

    // Solidity leaves twenty bytes open for the address of each library.
    private static byte[] Link(JsonElement artefact, Dictionary<string, Address> libraries, params byte[] arguments)
    {
        var bytecode = artefact.GetProperty("bytecode");
        var code = bytecode.GetProperty("object").GetString()!.ToCharArray();
        foreach (var file in bytecode.GetProperty("linkReferences").EnumerateObject())
        {
            foreach (var library in file.Value.EnumerateObject())
            {
                var digits = Convert.ToHexStringLower(libraries[library.Name].ToBytes());
                foreach (var place in library.Value.EnumerateArray())
                    digits.CopyTo(0, code, 2 + (2 * place.GetProperty("start").GetInt32()), digits.Length);
            }
        }

        return [.. Hex.Parse(new string(code)), .. arguments];
    }

    private static byte[] Word(Address address) => [.. new byte[12], .. address.ToBytes()];
}
