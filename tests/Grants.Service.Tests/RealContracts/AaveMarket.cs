using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Tests.Vesting;

namespace Grants.Service.Tests.RealContracts;

/// <summary>
/// A lending market of Aave v3's own contracts on a local chain. Every asset is worth one dollar, may be borrowed up to 75 % of what
/// secures it and is sold above 80 %; a loan of one transaction costs 0.09 %. Its aTokens are listed as venues of the kind LENDING,
/// the pool is labelled LENDING_POOL. The code is under the Business Source Licence: fetched, never committed.
/// </summary>
internal sealed class AaveMarket
{
    /// <summary>Interest that follows what is owed, instead of what was agreed on.</summary>
    public static readonly UInt256 Variable = (UInt256)2UL;

    /// <summary>What the pool knows of a reserve; indexes and rates are rays.</summary>
    public static AbiFunction ReserveData { get; } = AbiFunction.Parse(
        "function getReserveData(address asset) view returns (uint256 configuration, uint128 liquidityIndex, uint128 liquidityRate, "
        + "uint128 variableBorrowIndex, uint128 variableBorrowRate, uint128 stableBorrowRate, uint40 updatedAt, uint16 id, "
        + "address aToken, address stableDebt, address variableDebt, address rates, uint128 accruedToTreasury, uint128 unbacked, "
        + "uint128 isolationModeTotalDebt)");

    private const string At = "artifacts/contracts/";

    private static readonly SablierPackages.Tarball Package = new(
        "@aave/core-v3@1.19.3",
        "aave-core-v3-1.19.3.tgz",
        "Xr7+VcoU5b4mPwM4IUCnskw3lciwrnL4Xloyad8GOddYeixnri2lZYobNmErm1LwE50vqjI0O+9QGNKY2TDkeQ==");

    private static readonly string[] Sources =
    [
        "misc/AaveOracle", "mocks/oracle/CLAggregators/MockAggregator", "mocks/upgradeability/MockAToken",
        "protocol/configuration/ACLManager",
        "protocol/configuration/PoolAddressesProvider", "protocol/libraries/logic/BorrowLogic",
        "protocol/libraries/logic/BridgeLogic", "protocol/libraries/logic/ConfiguratorLogic", "protocol/libraries/logic/EModeLogic",
        "protocol/libraries/logic/FlashLoanLogic", "protocol/libraries/logic/LiquidationLogic", "protocol/libraries/logic/PoolLogic",
        "protocol/libraries/logic/SupplyLogic", "protocol/pool/DefaultReserveInterestRateStrategy", "protocol/pool/Pool",
        "protocol/pool/PoolConfigurator", "protocol/tokenization/AToken", "protocol/tokenization/StableDebtToken",
        "protocol/tokenization/VariableDebtToken",
    ];

    private static readonly Address MarketTreasury = Address.Parse("0x00000000000000000000000000000000000000f5");

    private readonly NpmContracts npm;
    private readonly Dictionary<string, JsonElement> artefacts;
    private readonly Dictionary<string, Address> libraries = [];
    private readonly Dictionary<Address, Address> receipts = [];
    private Address provider;

    private AaveMarket(NpmContracts npm, Dictionary<string, JsonElement> artefacts) => (this.npm, this.artefacts) = (npm, artefacts);

    /// <summary>What people call, and what is labelled.</summary>
    public Address Pool { get; private set; }

    /// <summary>What lends for one transaction to whoever brings the calls; it holds what it was given for the premiums.</summary>
    public Address FlashActor { get; private set; }

    private Address Oracle { get; set; }

    private Address Configurator { get; set; }

    public static async Task<AaveMarket> DeployAsync(NpmContracts npm, params IReadOnlyList<Address> assets)
    {
        var files = await Package.ReadAsync([.. Sources.Select(FileOf)]);
        var market = new AaveMarket(npm, Sources.ToDictionary(NameOf, source => files[FileOf(source)]));
        await market.DeployPoolAsync(assets);
        market.FlashActor = await npm.OwnAsync("FlashActor", string.Empty);
        return market;
    }

    /// <summary>The token that is a deposit of the asset: the venue.</summary>
    public Address ATokenOf(Address asset) => receipts[asset];

    /// <param name="dollars">In 10^-8, as the market's oracle has it.</param>
    public async Task SetPriceAsync(Address asset, ulong dollars) => await npm.SendAsync(
        Oracle, "function setAssetSources(address[] assets, address[] sources)", List(asset), List(await SourceAsync(dollars)));

    /// <summary>A deposit of what the account holds and has let the pool take.</summary>
    public Task<RpcReceipt> SupplyAsync(Address asset, UInt256 amount, Address owner) => npm.SendAsync(
        Pool, "function supply(address asset, uint256 amount, address onBehalfOf, uint16 referral)", asset, amount, owner, 0);

    /// <summary>Borrows for one transaction, in which the calls are made by <see cref="FlashActor"/>.</summary>
    public Task<RpcReceipt> ActOnFlashLoanAsync(Address asset, UInt256 amount, params IReadOnlyList<(Address To, byte[] Data)> calls) =>
        npm.SendAsync(
            FlashActor,
            "function act(address pool, address asset, uint256 amount, (address to, bytes data)[] calls)",
            Pool, asset, amount, calls.Select(call => (object)(object[])[call.To, call.Data]).ToArray());

    /// <summary>Gives the aToken of an asset, which is a proxy, the code of another version.</summary>
    public async Task<RpcReceipt> UpgradeAsync(Address asset) => await npm.SendAsync(
        Configurator,
        "function updateAToken((address asset, address treasury, address incentives, string name, string symbol, address code, "
            + "bytes params) p)",
        (object)(object[])
        [
            asset, MarketTreasury, Address.Zero, "aToken", "aTKN", await DeployAsync("MockAToken", "address", Pool), Array.Empty<byte>(),
        ]);

    private static string NameOf(string source) => source[(source.LastIndexOf('/') + 1)..];

    private static string FileOf(string source) => $"{At}{source}.sol/{NameOf(source)}.json";

    private static object[] List(params Address[] addresses) => [.. addresses.Select(address => (object)address)];

    private static UInt256 Ray(int thousandths) => new(thousandths * BigInteger.Pow(10, 24));

    private Task<Address> SourceAsync(ulong dollars) => DeployAsync("MockAggregator", "int256", new BigInteger(dollars));

    private async Task DeployPoolAsync(IReadOnlyList<Address> assets)
    {
        var me = UnlockedAccount.Address;
        provider = await DeployAsync("PoolAddressesProvider", "string,address", "Local", me);
        await npm.SendAsync(provider, "function setACLAdmin(address admin)", me);
        var access = await DeployAsync("ACLManager", "address", provider);
        await npm.SendAsync(access, "function addPoolAdmin(address admin)", me);
        await npm.SendAsync(provider, "function setACLManager(address manager)", access);
        var price = await SourceAsync(100_000_000);
        Oracle = await DeployAsync(
            "AaveOracle",
            "address,address[],address[],address,address,uint256",
            provider,
            List([.. assets]),
            List([.. assets.Select(_ => price)]),
            Address.Zero,
            Address.Zero,
            (UInt256)100_000_000UL);
        await npm.SendAsync(provider, "function setPriceOracle(address oracle)", Oracle);
        await npm.SendAsync(provider, "function setPoolImpl(address pool)", await DeployAsync("Pool", "address", provider));
        Pool = await OfProviderAsync("getPool");
        await npm.SendAsync(provider, "function setPoolConfiguratorImpl(address configurator)", await DeployAsync("PoolConfigurator"));
        Configurator = await OfProviderAsync("getPoolConfigurator");
        await ListAsync(Configurator, assets);
        await npm.SendAsync(Configurator, "function updateFlashloanPremiumTotal(uint128 bps)", (UInt256)9UL);
    }

    private async Task ListAsync(Address configurator, IReadOnlyList<Address> assets)
    {
        var implementations = new List<object>();
        foreach (var token in (string[])["AToken", "StableDebtToken", "VariableDebtToken"])
            implementations.Add(await DeployAsync(token, "address", Pool));
        var rates = await DeployAsync(
            "DefaultReserveInterestRateStrategy",
            "address,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256,uint256",
            [provider, .. ((int[])[800, 0, 40, 600, 20, 600, 20, 50, 200]).Select(part => (object)Ray(part))]);
        object[] TermsOf(Address asset) =>
        [
            .. implementations, 18, rates, asset, MarketTreasury, Address.Zero,
            "aToken", "aTKN", "Variable debt", "vTKN", "Stable debt", "sTKN", Array.Empty<byte>(),
        ];
        await npm.SendAsync(
            configurator,
            "function initReserves((address aToken, address stableDebt, address variableDebt, uint8 decimals, address rates, "
                + "address asset, address treasury, address incentives, string name, string symbol, string variableName, "
                + "string variableSymbol, string stableName, string stableSymbol, bytes params)[] reserves)",
            (object)assets.Select(asset => (object)TermsOf(asset)).ToArray());
        foreach (var asset in assets)
        {
            await npm.SendAsync(
                configurator,
                "function configureReserveAsCollateral(address asset, uint256 ltv, uint256 threshold, uint256 bonus)",
                asset, (UInt256)7_500UL, (UInt256)8_000UL, (UInt256)10_500UL);
            await npm.SendAsync(configurator, "function setReserveBorrowing(address asset, bool enabled)", asset, true);
            await npm.SendAsync(configurator, "function setReserveFlashLoaning(address asset, bool enabled)", asset, true);
            receipts[asset] = (Address)(await npm.ViewAsync(Pool, ReserveData, asset))[8];
        }
    }

    private async Task<Address> OfProviderAsync(string getter) =>
        (Address)(await npm.ViewAsync(provider, $"function {getter}() view returns (address)"))[0];

    private async Task<Address> DeployAsync(string name, string types = "", params object[] arguments) =>
        await npm.DeployAsync(await LinkedAsync(artefacts[name]), types, arguments);

    // A library that the code calls is deployed once, and its address written where the compiler left room for it.
    private async Task<JsonElement> LinkedAsync(JsonElement artefact)
    {
        var code = artefact.GetProperty("bytecode").GetString()!.ToCharArray();
        foreach (var library in artefact.GetProperty("linkReferences").EnumerateObject().SelectMany(file => file.Value.EnumerateObject()))
        {
            if (!libraries.TryGetValue(library.Name, out var address))
                libraries[library.Name] = address = await DeployAsync(library.Name);
            foreach (var place in library.Value.EnumerateArray())
                Convert.ToHexStringLower(address.ToBytes()).CopyTo(0, code, 2 + (2 * place.GetProperty("start").GetInt32()), 40);
        }

        return JsonSerializer.SerializeToElement(new JsonObject { ["bytecode"] = new string(code) });
    }
}
