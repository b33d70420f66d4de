using Grants.Domain.Governors;
using Xunit;

namespace Grants.Service.Tests.Governors;

/// <summary>
/// The oracle is OpenZeppelin's own code, compiled from npm and run on anvil: after every block of a drawn life, each proposal's
/// state, votes, quorum, snapshot, deadline and eta are what the contract answers, computed from logs alone.
/// </summary>
public sealed class GovernorDifferentialTests
{
    private const int Lives = 8;
    private const int Steps = 60;

    [Theory]
    [InlineData(DaoKind.Timelocked, false)]
    [InlineData(DaoKind.Timelocked, true)]
    [InlineData(DaoKind.Fractional, false)]
    [InlineData(DaoKind.Fractional, true)]
    [InlineData(DaoKind.Overridable, false)]
    [InlineData(DaoKind.Overridable, true)]
    [InlineData(DaoKind.Compound, false)]
    [InlineData(DaoKind.Compound, true)]
    public async Task a_life_is_what_the_contract_says_in_every_block(DaoKind kind, bool byTimestamp)
    {
        await using var chain = await DaoChain.StartAsync();
        var (seen, happened) = (new HashSet<GovernorProposalState>(), new HashSet<Type>());
        for (var life = 0; life < Lives; life++)
        {
            var dao = await Dao.DeployAsync(chain, kind, byTimestamp);
            var fold = await LogFold.RegisterAsync(dao);
            var walk = new DaoWalk(dao, fold, new Random(byTimestamp ? life : life + Lives));
            var head = await chain.HeadAsync();
            for (var step = 0; step < Steps; step++)
            {
                await walk.StepAsync(head);
                head = await chain.HeadAsync();
                await ContractView.AssertSameAsync(dao, fold, head, $"Life {life}, step {step} ({string.Join("; ", walk.Steps)})");
                seen.UnionWith(fold.Proposals.Keys.Select(key => fold.StateAt(key, head)!.Value));
            }

            happened.UnionWith(fold.Events.Select(data => data.GetType()));

            // Who registers the governor only now, reads the same from its first block on.
            var late = await LogFold.RegisterAsync(dao);
            await ContractView.AssertSameAsync(dao, late, head, $"Life {life}, read from behind");
        }

        Assert.Superset(StatesOf(kind), seen);
        Assert.Superset(EventsOf(kind), happened);
    }

    /// <summary>A walk that never gets there proves nothing.</summary>
    private static HashSet<GovernorProposalState> StatesOf(DaoKind kind)
    {
        var states = new HashSet<GovernorProposalState>(Enum.GetValues<GovernorProposalState>());
        if (kind != DaoKind.Compound)
            states.Remove(GovernorProposalState.Expired);
        if (kind is DaoKind.Fractional or DaoKind.Overridable)
            states.Remove(GovernorProposalState.Queued);
        return states;
    }

    private static HashSet<Type> EventsOf(DaoKind kind) =>
    [
        typeof(GovernorProposalCreated), typeof(GovernorVoteCast), typeof(GovernorProposalExecuted), typeof(GovernorProposalCanceled),
        typeof(GovernorQuorumFixed), typeof(GovernorQuorumChanged),
        .. kind switch
        {
            DaoKind.Timelocked => [
                typeof(GovernorProposalQueued), typeof(GovernorOperationChanged), typeof(GovernorProposalExtended)],
            DaoKind.Overridable => [typeof(GovernorVoteReduced)],
            _ => Array.Empty<Type>(),
        },
    ];
}
