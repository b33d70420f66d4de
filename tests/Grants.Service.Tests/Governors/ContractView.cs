using Grants.Domain.Governors;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Xunit;

namespace Grants.Service.Tests.Governors;

/// <summary>What the governor contract itself says of a proposal in a block.</summary>
public sealed record ContractView(
    GovernorProposalState State, VoteTally Votes, long Snapshot, long Deadline, long Eta, UInt256? Quorum, UInt256? SuperQuorum)
{
    /// <summary>Asks the contract.</summary>
    public static async Task<ContractView> ReadAsync(Dao dao, UInt256 proposalId, BlockRef block)
    {
        Task<object[]?> AskAsync(AbiFunction function, params object[] arguments) =>
            dao.Chain.AskAsync(block, dao.Governor, function, arguments);
        var answers = await Task.WhenAll(
            AskAsync(OzGovernor.State, proposalId),
            AskAsync(OzGovernor.ProposalVotes, proposalId),
            AskAsync(OzGovernor.ProposalSnapshot, proposalId),
            AskAsync(OzGovernor.ProposalDeadline, proposalId),
            AskAsync(OzGovernor.ProposalEta, proposalId));
        Assert.All(answers, Assert.NotNull);
        var (state, votes, snapshot) = (answers[0]!, answers[1]!, (UInt256)answers[2]![0]);
        var quorum = await AskAsync(OzGovernor.Quorum, snapshot);
        var super = dao.Kind == DaoKind.Fractional ? await AskAsync(OzGovernorModules.SuperQuorum, snapshot) : null;
        return new ContractView(
            (GovernorProposalState)(int)(long)(UInt256)state[0],
            new VoteTally((UInt256)votes[0], (UInt256)votes[1], (UInt256)votes[2]),
            (long)snapshot,
            (long)(UInt256)answers[3]![0],
            (long)(UInt256)answers[4]![0],
            (UInt256?)quorum?[0],
            (UInt256?)super?[0]);
    }

    /// <summary>The same of what our logs tell.</summary>
    public static ContractView Of(GovernorProposal proposal, GovernorProposalState? state) => new(
        Assert.NotNull(state),
        proposal.Votes,
        proposal.Created.Snapshot,
        proposal.Deadline,
        proposal.EtaSeconds,
        proposal.Quorum?.Needed,
        proposal.Quorum?.SuperNeeded);

    /// <summary>Every proposal of the DAO is as its contract says, in this block.</summary>
    public static async Task AssertSameAsync(Dao dao, LogFold fold, BlockRef block, string context = "")
    {
        await fold.ReadAsync(block);
        foreach (var (key, proposal) in fold.Proposals)
        {
            var theirs = await ReadAsync(dao, key.ProposalId, block);
            var state = fold.StateAt(key, block);
            Assert.True(state is not null, $"{context}: proposal {key.ProposalId} has no state in block {block.Number}; theirs: {theirs}");
            var ours = Of(proposal, state);
            Assert.True(ours == theirs, $"{context}: proposal {key.ProposalId}, block {block.Number}\nours   {ours}\ntheirs {theirs}");
        }
    }
}
