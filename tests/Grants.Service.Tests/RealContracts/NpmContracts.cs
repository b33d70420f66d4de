using System.Text.Json;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Ethereum.Contracts.Treasuries;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.Vesting;
using Xunit;

namespace Grants.Service.Tests.RealContracts;

/// <summary>
/// Contracts of others on a local chain, from the compiled code that npm packs. The packages are under licences of their own (GPL, LGPL
/// and BUSL), so that none is part of this repository: they are fetched beside the other oracles where they are missing.
/// </summary>
internal sealed class NpmContracts(EthereumRpc rpc, Address? sender = null)
{
    public static SablierPackages.Tarball UniswapV2 { get; } = new(
        "@uniswap/v2-core@1.0.1",
        "uniswap-v2-core-1.0.1.tgz",
        "MtybtkUPSyysqLY2U210NBDeCHX+ltHt3oADGdjqoThZaFRDKwM6k1Nb3F0A3hk5hwuQvytFWhrWHOEq6nVJ8Q==");

    public static SablierPackages.Tarball UniswapV3 { get; } = new(
        "@uniswap/v3-core@1.0.1",
        "uniswap-v3-core-1.0.1.tgz",
        "7pVk4hEm00j9tc71Y9+ssYpO6ytkeI0y7WE9P6UcmNzhxPePwyAxImuhVsTqWK9YFvzgtvzJHi64pBl4jUzKMQ==");

    public static SablierPackages.Tarball UniswapV3Periphery { get; } = new(
        "@uniswap/v3-periphery@1.4.4",
        "uniswap-v3-periphery-1.4.4.tgz",
        "S4+m+wh8HbWSO3DKk4LwUCPZJTpCugIsHrWR86m/OrUyvSqGDTXKFfc2sMuGXCZrD1ZqO3rhQsKgdWg3Hbb2Kw==");

    public static SablierPackages.Tarball SafeAccount { get; } = new(
        "@safe-global/safe-smart-account@1.5.0",
        "safe-global-safe-smart-account-1.5.0.tgz",
        "VIMWxoeY/kNuZVsQVvAeOFKcQS3eojCXg0ecGnesBSLn5ypYshmBhVEEU5XiurJJGTs/MrcoLTbTxhs9W9GvdQ==");

    public static SablierPackages.Tarball Algebra { get; } = new(
        "@cryptoalgebra/v1-core@1.0.0",
        "cryptoalgebra-v1-core-1.0.0.tgz",
        "xuGKpcmVrGAu2h93lGKiOhbOdtkmy2EapHeH0SrRaVMolDkszFcx4lyrIDULKsjrN7xba85lxAcEyPoX2E2tGQ==");

    public static SablierPackages.Tarball OptimismContracts { get; } = new(
        "@eth-optimism/contracts@0.6.0",
        "eth-optimism-contracts-0.6.0.tgz",
        "vQ04wfG9kMf1Fwy3FEMqH2QZbgS0gldKhcBeBUPfO8zu68L61VI97UDXmsMQXzTsEAxK8HnokW3/gosl4/NW3w==");

    public static SablierPackages.Tarball AlgebraIntegral { get; } = new(
        "@cryptoalgebra/integral-core@1.2.10",
        "cryptoalgebra-integral-core-1.2.10.tgz",
        "L6A09tSmcsmZZEwLG3W5ve1RzPManARHiDdkbLq8F7mQa+C6hegq+w1FICHNFKNtkfo+eChZF97Du6SVfJkeUQ==");

    public static SablierPackages.Tarball AlgebraIntegralPeriphery { get; } = new(
        "@cryptoalgebra/integral-periphery@1.2.4",
        "cryptoalgebra-integral-periphery-1.2.4.tgz",
        "gaVKaZ7EWMkbzS6z7tzTB3C2r9vdupfGbAscWNEXB57A47b3uWo7hElfsxg/gfb0FmBFpfaamqVW+Q8FHZatLg==");

    private readonly UnlockedAccount account = new(rpc, sender);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<Address> DeployAsync(
        SablierPackages.Tarball package, string artefact, string types = "", params object[] arguments) =>
        await DeployAsync(await package.ReadAsync(artefact), types, arguments);

    public async Task<Address> DeployAsync(JsonElement artefact, string types = "", params object[] arguments)
    {
        var bytecode = artefact.GetProperty("bytecode");
        var code = bytecode.ValueKind == JsonValueKind.String ? bytecode.GetString()! : bytecode.GetProperty("object").GetString()!;
        return await account.DeployAsync(
            [.. Hex.Parse(code.StartsWith("0x", StringComparison.Ordinal) ? code : "0x" + code), .. Encoded(types, arguments)]);
    }

    /// <summary>A token of which the account has a lot, that these may take of it.</summary>
    public async Task<Address> TokenAsync(params Address[] spenders)
    {
        var supply = UInt256.Parse("1" + new string('0', 30));
        var token = await account.DeployAsync(
            Artifacts.Own("GrantToken", "string,string,address,uint256", "Token", "TKN", UnlockedAccount.Address, supply));
        foreach (var spender in spenders)
            await SendAsync(token, "function approve(address spender, uint256 amount)", spender, UInt256.MaxValue);
        return token;
    }

    public async Task<Address> OwnAsync(string name, string types, params object[] arguments) =>
        await account.DeployAsync(Artifacts.Own(name, types, arguments));

    /// <summary>A Safe of these owners, of whom so many must sign.</summary>
    public async Task<Address> SafeAsync(int threshold, params Address[] owners)
    {
        const string At = "build/artifacts/contracts/";
        var singleton = await DeployAsync(SafeAccount, At + "Safe.sol/Safe.json");
        var proxies = await DeployAsync(SafeAccount, At + "proxies/SafeProxyFactory.sol/SafeProxyFactory.json");
        var setup = AbiFunction.Parse(
            "function setup(address[] owners, uint256 threshold, address to, bytes data, address handler, address token, uint256 payment, "
                + "address receiver)").Encode(
            owners.Cast<object>().ToArray(), (UInt256)(ulong)threshold, Address.Zero, Array.Empty<byte>(), Address.Zero, Address.Zero,
            (UInt256)0UL, Address.Zero);
        var creation = await SendAsync(
            proxies, "function createProxyWithNonce(address singleton, bytes initializer, uint256 salt)", singleton, setup, (UInt256)1UL);
        return creation.Logs.First(log => Safe.Logs.Read(log) is Safe.SafeSetupLog).Address;
    }

    /// <summary>Acts, and returns what the contract logged, as its adapter reads it; other contracts' logs are left out.</summary>
    public async Task<IReadOnlyList<ContractLog>> ActAsync(
        ContractAdapter logs, Address of, Address to, string function, params object[] arguments)
    {
        var receipt = await SendAsync(to, function, arguments);
        return [.. receipt.Logs.Where(log => log.Address == of).Select(log => logs.Read(log)).OfType<ContractLog>()];
    }

    public Task<RpcReceipt> SendAsync(Address to, string function, params object[] arguments) =>
        SendAsync(to, AbiFunction.Parse(function), arguments);

    public Task<RpcReceipt> SendAsync(Address to, AbiFunction function, params object[] arguments) =>
        account.SendAsync(to, function.Encode(arguments));

    public Task<object[]> ViewAsync(Address contract, string function, params object[] arguments) =>
        ViewAsync(contract, AbiFunction.Parse(function), arguments);

    public async Task<object[]> ViewAsync(Address contract, AbiFunction function, params object[] arguments) =>
        function.DecodeOutput(await rpc.CallAsync(contract, function.Encode(arguments), BlockTag.Latest, cancellation: Cancellation));

    private static byte[] Encoded(string types, object[] arguments) =>
        types.Length == 0 ? [] : AbiCodec.Encode([.. types.Split(',').Select(AbiType.Parse)], arguments);
}
