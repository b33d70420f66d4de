using Grants.Domain.Governors;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Xunit;

namespace Grants.Service.Tests.Governors;

/// <summary>A told life of a DAO. Every step must succeed, and after each one our logs must say what the contract says.</summary>
public sealed class DaoStory(Dao dao, LogFold fold)
{
    public Dao Dao => dao;

    public LogFold Fold => fold;

    public static async Task<DaoStory> BeginAsync(DaoChain chain, DaoKind kind, bool byTimestamp = false, Dao? sharing = null)
    {
        var dao = await Dao.DeployAsync(chain, kind, byTimestamp, sharing: sharing);
        return new DaoStory(dao, await LogFold.RegisterAsync(dao));
    }

    /// <summary>A plan that mints a token, so many times.</summary>
    public Plan Minting(string description, int calls = 1) => Calling(
        description, Enumerable.Repeat((dao.Token, Dao.Mint.Encode(dao.Voters[0], UInt256.One)), calls));

    public static Plan Calling(string description, IEnumerable<(Address Target, byte[] Data)> calls)
    {
        var all = calls.ToList();
        return new Plan(
            [.. all.Select(call => call.Target)],
            new UInt256[all.Count],
            [.. all.Select(call => call.Data)],
            System.Text.Encoding.UTF8.GetBytes(description));
    }

    /// <summary>Makes a proposal of it.</summary>
    public async Task<GovernorProposalKey> ProposeAsync(Plan plan)
    {
        var hash = await dao.ProposeAsync(dao.Admin, plan);
        await dao.Chain.MineAsync();
        await SucceededAsync(hash);
        return fold.Proposals.Values.Single(one => one.Created.DescriptionHash == plan.DescriptionHash).Key;
    }

    /// <summary>Does something in a block of its own.</summary>
    public async Task<RpcReceipt> DoAsync(Address from, Address to, AbiFunction function, params object[] arguments)
    {
        var hash = await dao.Chain.SendAsync(from, to, function.Encode(arguments));
        await dao.Chain.MineAsync();
        return await SucceededAsync(hash);
    }

    public Task<RpcReceipt> OnGovernorAsync(AbiFunction function, Plan plan) =>
        DoAsync(dao.Admin, dao.Governor, function, plan.Arguments);

    public async Task VoteAsync(GovernorProposalKey key, ulong support, params int[] voters)
    {
        foreach (var voter in voters)
            await DoAsync(dao.Voters[voter], dao.Governor, OzGovernor.CastVote, key.ProposalId, (UInt256)support);
    }

    /// <summary>Lets so many blocks pass, all compared.</summary>
    public async Task PassAsync(int blocks)
    {
        for (var i = 0; i < blocks; i++)
        {
            await dao.Chain.MineAsync();
            await CompareAsync();
        }
    }

    /// <summary>Proposes and votes for it until it is decided.</summary>
    public async Task<GovernorProposalKey> PassedAsync(Plan plan)
    {
        var key = await ProposeAsync(plan);
        await PassAsync(Dao.Delay);
        await VoteAsync(key, 1, 0, 1, 2);
        await PassAsync(Dao.Period);
        Assert.Equal(GovernorProposalState.Succeeded, await StateAsync(key));
        return key;
    }

    /// <summary>The same, and into the timelock.</summary>
    public async Task<GovernorProposalKey> QueuedAsync(Plan plan)
    {
        var key = await PassedAsync(plan);
        await OnGovernorAsync(OzGovernor.Queue, plan);
        Assert.Equal(GovernorProposalState.Queued, await StateAsync(key));
        return key;
    }

    /// <summary>Until the timelock's delay is over.</summary>
    public Task WaitAsync() => PassAsync(((int)Dao.TimelockSeconds / (int)DaoChain.BlockSeconds) + 1);

    public async Task<GovernorProposalState> StateAsync(GovernorProposalKey key)
    {
        var head = await dao.Chain.HeadAsync();
        await ContractView.AssertSameAsync(dao, fold, head);
        return fold.StateAt(key, head)!.Value;
    }

    private async Task CompareAsync() => await ContractView.AssertSameAsync(dao, fold, await dao.Chain.HeadAsync());

    private async Task<RpcReceipt> SucceededAsync(Hash32 transaction)
    {
        var receipt = await dao.Chain.ReceiptAsync(transaction);
        Assert.True(receipt.Succeeded, "A step of the story reverted.");
        await CompareAsync();
        return receipt;
    }
}
