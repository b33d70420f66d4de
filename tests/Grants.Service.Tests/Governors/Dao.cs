using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Demo;

namespace Grants.Service.Tests.Governors;

/// <summary>Which of OpenZeppelin's governors a DAO has.</summary>
public enum DaoKind
{
    /// <summary>Simple counting, a timelock, an extension for a late quorum.</summary>
    Timelocked,

    /// <summary>Fractional counting, a super quorum, ids 1, 2, 3…, no timelock.</summary>
    Fractional,

    /// <summary>Holders override their delegates; no timelock.</summary>
    Overridable,

    /// <summary>Simple counting, a timelock of Compound's kind.</summary>
    Compound,
}

/// <summary>What a proposal does.</summary>
public sealed record Plan(Address[] Targets, UInt256[] Values, byte[][] Calldatas, byte[] Description)
{
    public Hash32 DescriptionHash => Keccak256.Hash(Description);

    public object[] Arguments => [Targets, Values, Calldatas, DescriptionHash];
}

/// <summary>A DAO on a chain: OpenZeppelin's contracts, five voters with tokens, delegated, and times of a few blocks.</summary>
public sealed class Dao
{
    /// <summary>From the proposal to the snapshot, to the deadline, and after a late quorum: in blocks.</summary>
    public const int Delay = 2;

    public const int Period = 8;

    public const int Extension = 4;

    public const ulong TimelockSeconds = 6;

    public const ulong GraceSeconds = 12;

    public static readonly AbiFunction Mint = AbiFunction.Parse("function mint(address to, uint256 amount)");
    public static readonly AbiFunction Burn = AbiFunction.Parse("function burn(address from, uint256 amount)");

    public static readonly AbiFunction ScheduleBatch = AbiFunction.Parse(
        "function scheduleBatch(address[] targets, uint256[] values, bytes[] payloads, bytes32 predecessor, bytes32 salt, uint256 delay)");

    // The description as bytes: a contract takes them as they are.
    private static readonly AbiType[] ProposeTypes = [.. "address[],uint256[],bytes[],bytes".Split(',').Select(AbiType.Parse)];

    private Dao(DaoChain chain, DaoKind kind, Address token, Address timelock, Address nextTimelock, Address governor, long fromBlock)
    {
        (Chain, Kind, Token, Timelock, NextTimelock, Governor, FromBlock) =
            (chain, kind, token, timelock, nextTimelock, governor, fromBlock);
    }

    public DaoChain Chain { get; }

    public DaoKind Kind { get; }

    public Address Token { get; }

    public Address Timelock { get; }

    /// <summary>Another timelock, that the governor may change to.</summary>
    public Address NextTimelock { get; }

    public Address Governor { get; }

    /// <summary>Before all of it.</summary>
    public long FromBlock { get; }

    /// <summary>Deploys, proposes and may cancel in the timelock.</summary>
    public Address Admin => Chain.Accounts[0];

    public Address[] Voters => Chain.Accounts[1..6];

    /// <summary>Base units: so many that no 128 bits hold the products.</summary>
    public static UInt256 Tokens(ulong count) => UInt256.Parse("1000000000000000000000000") * count;

    public static async Task<Dao> DeployAsync(
        DaoChain chain, DaoKind kind, bool byTimestamp, ulong quorumPercent = 10, Dao? sharing = null)
    {
        var from = (await chain.HeadAsync()).Number;
        var unit = byTimestamp ? (ulong)DaoChain.BlockSeconds : 1;
        var token = sharing?.Token ?? await chain.DeployAsync(Artifacts.Own("DaoToken", "bool", byTimestamp));
        var (timelock, next) = sharing is null
            ? await DeployTimelocksAsync(chain, kind)
            : (sharing.Timelock, sharing.NextTimelock);
        UInt256 delay = Delay * unit, period = Period * unit, extension = Extension * unit, percent = quorumPercent;
        var governor = await chain.DeployAsync(kind switch
        {
            DaoKind.Timelocked => Artifacts.Own(
                "DaoGovernor", "address,address,uint48,uint32,uint48,uint256", token, timelock, delay, period, extension, percent),
            DaoKind.Fractional => Artifacts.Own(
                "FractionalGovernor", "address,uint48,uint32,uint256,uint256", token, delay, period, percent, (UInt256)60UL),
            DaoKind.Overridable => Artifacts.Own(
                "OverridableGovernor", "address,uint48,uint32,uint256", token, delay, period, percent),
            _ => Artifacts.Own(
                "CompoundStyleGovernor", "address,address,uint48,uint32,uint256", token, timelock, delay, period, percent),
        });
        var dao = new Dao(chain, kind, token, timelock, next, governor, sharing?.FromBlock ?? from);
        if (kind == DaoKind.Timelocked)
            await dao.GrantRolesAsync();
        if (sharing is null)
            await dao.HandOutAsync();
        return dao;
    }

    public Task<Hash32> ProposeAsync(Address from, Plan plan) => Chain.SendAsync(
        from,
        Governor,
        [.. OzGovernor.Propose.Selector, .. AbiCodec.Encode(ProposeTypes, plan.Targets, plan.Values, plan.Calldatas, plan.Description)]);

    public Task<Hash32> SendAsync(Address from, AbiFunction function, params object[] arguments) =>
        Chain.SendAsync(from, Governor, function.Encode(arguments));

    /// <summary>What the timelock calls the operation of a plan.</summary>
    public Hash32 OperationOf(Plan plan) => TimelockController.OperationId(
        plan.Targets, plan.Values, plan.Calldatas, Hash32.Zero, TimelockController.SaltOf(Governor, plan.DescriptionHash));

    private static async Task<(Address, Address)> DeployTimelocksAsync(DaoChain chain, DaoKind kind)
    {
        byte[]? code = kind switch
        {
            DaoKind.Timelocked => Artifacts.FromNpm(
                "@openzeppelin/contracts/build/contracts/TimelockController.json",
                "uint256,address[],address[],address",
                (UInt256)TimelockSeconds,
                new[] { chain.Accounts[0] },
                new[] { Address.Zero },
                chain.Accounts[0]),
            DaoKind.Compound => Artifacts.Own(
                "CompoundTimelock", "uint256,uint256", (UInt256)TimelockSeconds, (UInt256)GraceSeconds),
            _ => null,
        };
        return code is null ? (Address.Zero, Address.Zero) : (await chain.DeployAsync(code), await chain.DeployAsync(code));
    }

    private async Task GrantRolesAsync()
    {
        foreach (var timelock in new[] { Timelock, NextTimelock })
        {
            foreach (var role in new[] { "PROPOSER_ROLE", "CANCELLER_ROLE" })
                await Chain.CallAsync(Admin, timelock, TimelockController.GrantRole, Keccak256.Hash(role), Governor);
        }
    }

    private async Task HandOutAsync()
    {
        foreach (var (i, voter) in Voters.Index())
        {
            await Chain.SendAsync(Admin, Token, Mint.Encode(voter, Tokens((ulong)(i + 1) * 10)));
            await Chain.SendAsync(voter, Token, Erc5805.Delegate.Encode(i == 4 ? Voters[0] : voter));
        }

        await Chain.MineAsync();
    }
}
