using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class OzGovernorTests
{
    private static readonly Address Governor = Address.Parse("0x52908400098527886E0F7030069857D2E4169EE7");
    private static readonly Address[] Targets =
        [Address.Parse("0x00000000000000000000000000000000000000a1"), Address.Parse("0x00000000000000000000000000000000000000b2")];
    private static readonly UInt256[] Values = [UInt256.One, 2UL];
    private static readonly byte[][] Calldatas = [[], Hex.Parse("0x12345678")];
    private static readonly Hash32 DescriptionHash = Keccak256.Hash("Pay Ada — №1");

    public static TheoryData<AbiEvent, string, int> Topics() => new()
    {
        { OzGovernor.ProposalCreated, "0x7d84a6263ae0d98d3329bd7b46bb4e8d6f98cd35a7adb45c274c8b7fd5ebd5e0", 1 },
        { OzGovernor.VoteCast, "0xb8e138887d0aa13bab447e82de9d5c1777041ecd21ca36ba824ff1e6c07ddda4", 2 },
        { OzGovernor.VoteCastWithParams, "0xe2babfbac5889a709b63bb7f598b324e08bc5a4fb9ec647fb3cbc9ec07eb8712", 2 },
        { OzGovernor.ProposalQueued, "0x9a2e42fd6722813d69113e7d0079d3d940171428df7373df9c7f7617cfda2892", 1 },
        { OzGovernor.ProposalExecuted, "0x712ae1383f79ac853f8d882153778e0260ef8f03b504e2866e0593e04d2b291f", 1 },
        { OzGovernor.ProposalCanceled, "0x789cf55be980739dad1d0699b93b58e806b51c9d96619bfa8fe0a28abaa7b30c", 1 },
        { OzGovernor.ProposalExtended, "0x541f725fb9f7c98a30cc9c0ff32fbb14358cd7159c847a3aa20a2bdc442ba511", 2 },
        { OzGovernor.QuorumNumeratorUpdated, "0x0553476bf02ef2726e8ce5ced78d63e26e602e4a2257b1f559418e24b4633997", 1 },
        { OzGovernor.TimelockChange, "0x08f74ea46ef7894f65eabfb5e6e695de773a000b47c529ab559178069b226401", 1 },
        { TimelockController.CallScheduled, "0x4cf4410cc57040e44862ef0f45f3dd5a5e02db8eb8add648d4b0e236f1d07dca", 3 },
        { TimelockController.CallExecuted, "0xc2617efa69bab66782fa219543714338489c4e9e178271560a91b82c3f612b58", 3 },
        { TimelockController.Cancelled, "0xbaa1eb22f2a492ba1a5fea61b8df4d27c6c8b5f3971e63bb58fa14ff72eedb70", 2 },
        { TimelockController.MinDelayChange, "0x11c24f4ead16507c69ac467fbd5e4eed5fb5c699626d2cc6d66421df253886d5", 1 },
    };

    [Theory]
    [MemberData(nameof(Topics))]
    public void logs_have_the_topics_seen_on_public_chains(AbiEvent declared, string topic, int count)
    {
        Assert.Equal(topic, declared.Topic0.ToString());
        Assert.Equal(count, declared.TopicCount);
    }

    [Fact]
    public void what_only_some_governors_have_is_declared_as_they_have_it()
    {
        var compiled = new[] { "FractionalGovernor", "OverridableGovernor" }
            .Select(name => ContractAbi.Parse(VectorFile.Read($"ContractAbi/{name}.json").GetRawText()))
            .ToList();
        Assert.Contains(OzGovernorModules.OverrideVoteCast.Topic0, compiled.SelectMany(abi => abi.Events).Select(one => one.Topic0));
        Assert.Contains(OzGovernorModules.VoteReduced.Topic0, compiled.SelectMany(abi => abi.Events).Select(one => one.Topic0));
        Assert.Contains(
            OzGovernorModules.SuperQuorumNumeratorUpdated.Topic0, compiled.SelectMany(abi => abi.Events).Select(one => one.Topic0));
        Assert.Contains(
            OzGovernorModules.CastOverrideVote.Signature, compiled.SelectMany(abi => abi.Functions).Select(one => one.Signature));
        Assert.Contains(OzGovernorModules.SuperQuorum.Signature, compiled.SelectMany(abi => abi.Functions).Select(one => one.Signature));
    }

    // The expected values are those of ethers 6.17.0: keccak256(AbiCoder.encode(...)).
    [Fact]
    public void a_proposal_and_its_operation_have_the_ids_that_the_contracts_compute()
    {
        Assert.Equal(
            UInt256.Parse("56402390078851244647037546356522971786968447863256314447461790058679137873595"),
            OzGovernor.ProposalId(Targets, Values, Calldatas, DescriptionHash));
        var salt = TimelockController.SaltOf(Governor, DescriptionHash);
        Assert.Equal(Hash32.Parse("0x1dc9b08da687c362a6602bc05cf1dce6e9a9f73420c829843130cb23f031c621"), salt);
        Assert.Equal(
            Hash32.Parse("0x49ee28d7212580a5ae1e9997ff55d6778792e3b6971112f5e98dd409cbce6ffd"),
            TimelockController.OperationId(Targets, Values, Calldatas, Hash32.Zero, salt));
        Assert.Equal(
            Hash32.Parse("0x052c357248d12cec5b024f624752358e2cd5d3b404269b34c1955f9df0587ba9"),
            TimelockController.OperationId(Targets, Values, Calldatas, Hash32.Zero, DescriptionHash));
    }

    [Fact]
    public void a_created_proposal_is_read_with_the_hash_of_its_descriptions_very_bytes()
    {
        byte[] description = [.. "Pay "u8, 0xff, 0x00];
        Assert.True(OzGovernor.TryDecodeCreated(Created(description, ["", ""]), out var proposed));
        Assert.Equal(Keccak256.Hash(description), proposed!.DescriptionHash);
        Assert.Equal("Pay \ufffd\0", proposed.Description);
        Assert.Equal((7, 10, 20), ((int)(long)proposed.Id, (int)(long)proposed.VoteStart, (int)(long)proposed.VoteEnd));
        Assert.Equal(Targets, proposed.Targets);
        Assert.Equal(Values, proposed.Values);
        Assert.Equal(Calldatas, proposed.Calldatas);
    }

    [Fact]
    public void lists_of_unequal_length_are_no_proposal() =>
        Assert.False(OzGovernor.TryDecodeCreated(Created("x"u8.ToArray(), [""]), out _));

    private static RpcLog Created(byte[] description, string[] signatures)
    {
        AbiType[] types =
            [.. "uint256,address,address[],uint256[],string[],bytes[],uint256,uint256,bytes".Split(',').Select(AbiType.Parse)];
        var data = AbiCodec.Encode(
            types, (UInt256)7UL, Governor, Targets, Values, signatures, Calldatas, (UInt256)10UL, (UInt256)20UL, description);
        return new RpcLog(Governor, [OzGovernor.ProposalCreated.Topic0], data, 1, Hash32.Zero, Hash32.Zero, 0, 0);
    }
}
