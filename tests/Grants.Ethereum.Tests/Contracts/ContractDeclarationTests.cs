using System.Reflection;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class ContractDeclarationTests
{
    /// <summary>What the contracts of a public chain have and those of the local one do without.</summary>
    private static readonly string[] PublicOnly =
    [
        "ClaimRewards", "BatchSubmitReward", "SetMinLock", "SetMaxLock", "SetRewardPayer", "DepositFinalized", "DepositFailed",
    ];

    [Theory]
    [InlineData(typeof(IncentiveVault), "IncentiveVault")]
    [InlineData(typeof(Erc20), "GrantToken")]
    [InlineData(typeof(Erc4626), "StakingVault")]
    [InlineData(typeof(LockingInfo), "SequencerLock")]
    [InlineData(typeof(StandardBridge), "StandardBridge")]
    [InlineData(typeof(Erc5805), "DaoToken")]
    [InlineData(typeof(DelegateRegistry), "DelegateRegistry")]
    [InlineData(typeof(OzGovernor), "DaoGovernor")]
    public void declarations_are_those_of_the_compiled_contract(Type contract, string artefact)
    {
        var compiled = Compiled(artefact);
        var declared = Declared(contract)
            .Where(one => PublicOnly.All(name => !one.StartsWith($"event {name}(", StringComparison.Ordinal))).ToArray();
        Assert.NotEmpty(declared);
        Assert.All(declared, declaration => Assert.Contains(declaration, compiled));
    }

    [Fact]
    public void every_event_and_error_of_the_vault_is_declared()
    {
        var missing = Compiled("IncentiveVault").Except(Declared(typeof(IncentiveVault)));
        Assert.Equal(
            ["event RoleAdminChanged(bytes32 indexed,bytes32 indexed,bytes32 indexed)"],
            missing.Where(one => !one.StartsWith("function", StringComparison.Ordinal)));
    }

    public static TheoryData<AbiEvent, string, int> Topics() => new()
    {
        { Erc20.Transfer, "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef", 3 },
        { Erc20.Approval, "0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925", 3 },
        { Erc4626.Deposit, "0xdcbc1c05240f31ff3ad067ef1ee35ce4997762752e3a095284754544f4c709d7", 3 },
        { Erc4626.Withdraw, "0xfbde797d201c681b91056529119e0b02407c7bb96a4a2c75c01fc9667232c8db", 4 },
        { UniswapV2Pair.Mint, "0x4c209b5fc8ad50758f13e2e1088ba56a560dff690a1c6fef26394f4c03821c4f", 2 },
        { UniswapV2Pair.Burn, "0xdccd412f0b1252819cb1fd330b93224ca42612892bb3f4f789976e6d81936496", 3 },
        { UniswapV2Pair.Swap, "0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822", 3 },
        { UniswapV2Pair.Sync, "0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1", 1 },
        { LockingInfo.Locked, "0xe6f1eb1f1d0ca344d03cf47b9e6ece8a7d3b196e38dd7dd2307cca75e26682a8", 4 },
        { LockingInfo.Relocked, "0x33a87ba488658b3d1319098cd49c6d65b72a79c0f3530fec611e7afffed04395", 2 },
        { LockingInfo.LockUpdate, "0xd716c027b3dd610e4534df756848128bbb159a757724c17d89fcc4d0151b1f30", 4 },
        { LockingInfo.Withdraw, "0x56ca301a9219608c91e7bcee90e083c19671d2cdcc96752c7af291cee5f9c8c8", 2 },
        { LockingInfo.UnlockInit, "0x06d9e13438f0daf13a71d63f3f8579db8bdeb299e4b651942313c73224d7af69", 4 },
        { LockingInfo.Unlocked, "0x5245d528087a96a64f4589a764f00061e4671eab90cb1e019b1a5b24b2e4c2a8", 3 },
        { LockingInfo.SignerChange, "0x086044c0612a8c965d4cccd907f0d588e40ad68438bd4c1274cac60f4c3a9d1f", 4 },
        { Erc5805.DelegateChanged, "0x3134e8a2e6d97e929a7e54011ea5485d7d196dd5f0ba4d4ef95803e8e3fc257f", 4 },
        { Erc5805.DelegateVotesChanged, "0xdec2bacdd2f05b59de34da9b523dff8be42e5e38e818c82fdb0bae774387a724", 2 },
        { DelegateRegistry.SetDelegate, "0xa9a7fd460f56bddb880a465a9c3e9730389c70bc53108148f16d55a87a6c468e", 4 },
        { DelegateRegistry.ClearDelegate, "0x9c4f00c4291262731946e308dc2979a56bd22cce8f95906b975065e96cd5a064", 4 },
        { WrappedNative.Deposit, "0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c", 2 },
        { WrappedNative.Withdrawal, "0x7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65", 2 },
        { StandardBridge.WithdrawalInitiated, "0x73d170910aba9e6d50b102db522b1dbcd796216f5128b445aa2135272886497e", 4 },
    };

    [Theory]
    [MemberData(nameof(Topics))]
    public void events_have_the_topics_seen_on_public_chains(AbiEvent declared, string topic, int count)
    {
        Assert.Equal(topic, declared.Topic0.ToString());
        Assert.Equal(count, declared.TopicCount);
    }

    [Fact]
    public void functions_have_the_selectors_seen_on_public_chains()
    {
        Assert.Equal("a9059cbb", Convert.ToHexStringLower(Erc20.TransferCall.Selector));
        Assert.Equal("095ea7b3", Convert.ToHexStringLower(Erc20.Approve.Selector));
        Assert.Equal("70a08231", Convert.ToHexStringLower(Erc20.BalanceOf.Selector));
        Assert.Equal("0902f1ac", Convert.ToHexStringLower(UniswapV2Pair.GetReserves.Selector));
        Assert.Equal("0dfe1681", Convert.ToHexStringLower(UniswapV2Pair.Token0.Selector));
    }

    private static string[] Declared(Type contract) =>
    [
        .. contract.GetFields(BindingFlags.Public | BindingFlags.Static).SelectMany(field => field.GetValue(null) switch
        {
            AbiEvent one => [Text(one)],
            AbiFunction one => [Text(one)],
            IReadOnlyList<AbiError> many => many.Select(Text),
            _ => Array.Empty<string>(),
        }),
    ];

    private static string[] Compiled(string artefact)
    {
        var abi = ContractAbi.Parse(VectorFile.Read($"ContractAbi/{artefact}.json").GetRawText());
        return [.. abi.Functions.Select(Text), .. abi.Events.Select(Text), .. abi.Errors.Select(Text)];
    }

    private static string Text(AbiFunction one) =>
        $"function {one.Signature} returns ({string.Join(',', one.Outputs.Select(p => p.Type.Name))})";

    private static string Text(AbiError one) => $"error {one.Signature}";

    private static string Text(AbiEvent one) =>
        $"event {one.Name}({string.Join(',', one.Parameters.Select(p => p.Type.Name + (p.Indexed ? " indexed" : "")))})";
}
