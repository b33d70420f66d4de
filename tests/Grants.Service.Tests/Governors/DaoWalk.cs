using Grants.Domain.Governors;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Primitives;

namespace Grants.Service.Tests.Governors;

/// <summary>
/// A DAO's life, drawn at random: proposals, votes of every kind, tokens made, burned and delegated, queues, executions and cancels
/// in the governor and behind its back. What is not allowed just now reverts, as in life.
/// </summary>
public sealed class DaoWalk(Dao dao, LogFold fold, Random random)
{
    private const int MostPlans = 9;

    private readonly List<Plan> plans = [];

    /// <summary>What happened, for the message of a failure.</summary>
    public List<string> Steps { get; } = [];

    /// <summary>One or several things, all in the next block; or only time passes.</summary>
    /// <param name="head">The block up to which the fold has read.</param>
    public async Task StepAsync(BlockRef head)
    {
        Steps.Clear();
        for (var many = random.Next(4); many > 0; many--)
            await ActAsync(head);
        await dao.Chain.MineAsync(random.Next(8) == 0 ? random.Next(1, Dao.Period) : 1);
    }

    private Task ActAsync(BlockRef head)
    {
        GovernorProposal? ProposalOf(Plan plan) =>
            fold.Proposals.Values.FirstOrDefault(one => one.Created.DescriptionHash == plan.DescriptionHash);
        var living = plans.Select(plan => (plan, ProposalOf(plan)))
            .Where(pair => pair.Item2 is { Executed: null, CanceledAt: null } proposal
                && fold.StateAt(proposal.Key, head) is not GovernorProposalState.Defeated)
            .ToList();
        if (living.Count < 3 && plans.Count < MostPlans && random.Next(2) == 0)
            return ProposeAsync();
        if (random.Next(6) == 0 || living.Count == 0)
            return TokenAsync();
        var (plan, found) = living[random.Next(living.Count)];
        return (fold.StateAt(found!.Key, head), random.Next(20)) switch
        {
            (_, 0) or (GovernorProposalState.Pending, < 4) => SendAsync("cancel", OzGovernor.Cancel, plan, dao.Admin),
            (GovernorProposalState.Active, < 4) => AllVoteAsync(found.Key.ProposalId),
            (GovernorProposalState.Active, < 18) => VoteAsync(found.Key.ProposalId, dao.Voters[random.Next(5)]),
            (GovernorProposalState.Succeeded, < 15) => SendAsync("queue", OzGovernor.Queue, plan),
            (GovernorProposalState.Queued, < 4) => BehindAsync(TimelockController.ExecuteBatch, plan),
            (GovernorProposalState.Queued, < 6) => BehindAsync(TimelockController.Cancel, plan),
            (GovernorProposalState.Queued, < 14) => Task.CompletedTask,
            (_, 19) => VoteAsync(found.Key.ProposalId, dao.Voters[random.Next(5)]),
            _ => SendAsync("execute", OzGovernor.Execute, plan),
        };
    }

    private async Task ProposeAsync()
    {
        var (target, data) = random.Next(5) switch
        {
            0 => (dao.Governor, OzGovernor.UpdateQuorumNumerator.Encode((UInt256)(ulong)random.Next(1, 40))),
            1 or 2 when dao.Kind is DaoKind.Timelocked or DaoKind.Compound =>
                (dao.Governor, OzGovernor.UpdateTimelock.Encode(random.Next(4) > 0 ? dao.NextTimelock : dao.Timelock)),
            _ => (dao.Token, Dao.Mint.Encode(dao.Voters[random.Next(5)], Dao.Tokens((ulong)random.Next(1, 50)))),
        };
        var calls = random.Next(1, 4);
        byte[] nonsense = random.Next(3) == 0 ? [0xff, 0x00, 0xc3] : [];
        byte[] description = [.. "Plan — №"u8, (byte)('0' + plans.Count), .. nonsense];
        var plan = new Plan(
            [.. Enumerable.Repeat(target, calls)], new UInt256[calls], [.. Enumerable.Repeat(data, calls)], description);
        plans.Add(plan);
        Steps.Add($"propose {plans.Count - 1}: {calls} calls of {target}");
        await dao.ProposeAsync(dao.Admin, plan);
    }

    private async Task AllVoteAsync(UInt256 id)
    {
        foreach (var voter in dao.Voters)
            await VoteAsync(id, voter);
    }

    private async Task VoteAsync(UInt256 id, Address voter)
    {
        UInt256 support = (ulong)(random.Next(6) switch { 0 => 0, 1 => 2, _ => 1 });
        Steps.Add($"{voter} votes {support} on {id}");
        if (dao.Kind == DaoKind.Fractional && random.Next(2) == 0)
        {
            var shares = new byte[48];
            foreach (var side in new[] { 0, 16, 32 })
                Dao.Tokens((ulong)random.Next(0, 5)).ToBytes().AsSpan(16).CopyTo(shares.AsSpan(side));
            await dao.SendAsync(voter, OzGovernor.CastVoteWithReasonAndParams, id, (UInt256)255UL, "in shares", shares);
        }
        else if (dao.Kind == DaoKind.Overridable && random.Next(2) == 0)
        {
            await dao.SendAsync(voter, OzGovernorModules.CastOverrideVote, id, support, "my own");
        }
        else
        {
            await dao.SendAsync(voter, OzGovernor.CastVoteWithReason, id, support, random.Next(2) == 0 ? "a\0b" : string.Empty);
        }
    }

    private async Task TokenAsync()
    {
        var (one, other) = (dao.Voters[random.Next(5)], dao.Voters[random.Next(5)]);
        var amount = Dao.Tokens((ulong)random.Next(1, 15));
        Steps.Add($"tokens of {one}, {other}");
        var (from, data) = random.Next(4) switch
        {
            0 => (dao.Admin, Dao.Mint.Encode(one, amount)),
            1 => (dao.Admin, Dao.Burn.Encode(one, amount)),
            2 => (one, Erc5805.Delegate.Encode(other)),
            _ => (one, Erc20.TransferCall.Encode(other, amount)),
        };
        await dao.Chain.SendAsync(from, dao.Token, data);
    }

    // A governor without a timelock does not queue: it executes at once.
    private async Task SendAsync(string name, AbiFunction function, Plan plan, Address? from = null)
    {
        var sent = function == OzGovernor.Queue && dao.Kind is DaoKind.Fractional or DaoKind.Overridable ? OzGovernor.Execute : function;
        Steps.Add($"{name} {plans.IndexOf(plan)}");
        await dao.SendAsync(from ?? dao.Voters[random.Next(5)], sent, plan.Arguments);
    }

    /// <summary>Straight in the timelock, as whoever has a role there can.</summary>
    private async Task BehindAsync(AbiFunction function, Plan plan)
    {
        if (dao.Kind != DaoKind.Timelocked)
            return;
        var timelock = fold.Governor.Timelock;
        Steps.Add($"{function.Name} {plans.IndexOf(plan)} in {timelock}");
        await dao.Chain.SendAsync(
            dao.Admin,
            timelock,
            function == TimelockController.Cancel
                ? function.Encode(dao.OperationOf(plan))
                : function.Encode(
                    plan.Targets,
                    plan.Values,
                    plan.Calldatas,
                    Hash32.Zero,
                    TimelockController.SaltOf(dao.Governor, plan.DescriptionHash)));
    }
}
