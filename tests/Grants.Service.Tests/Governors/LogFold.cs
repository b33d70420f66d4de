using Grants.Domain.Governors;
using Grants.Primitives;
using Grants.Service.Governors;
using Grants.Service.Governors.Following;
using Xunit;

namespace Grants.Service.Tests.Governors;

/// <summary>A DAO as its logs tell it: the same facts and the same decisions as in the service, without its store.</summary>
public sealed class LogFold
{
    private readonly Dao dao;
    private readonly GovernorLogs reading;
    private readonly Dictionary<Hash32, GovernorProposalKey> operations = [];
    private readonly List<SupplyChange> supply = [];
    private long next;

    private LogFold(Dao dao, GovernorRegistered terms)
    {
        (this.dao, Terms, next) = (dao, terms, dao.FromBlock);
        Governor = Governor.Evolve(null, terms)!;
        reading = new GovernorLogs(terms, new Dictionary<Address, long> { [dao.NextTimelock] = (long)Dao.GraceSeconds });
    }

    public GovernorRegistered Terms { get; }

    public Governor Governor { get; private set; }

    public Dictionary<GovernorProposalKey, GovernorProposal> Proposals { get; } = [];

    public List<object> Events { get; } = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Registers the governor at the head, as a program manager does, from the DAO's first block on.</summary>
    public static async Task<LogFold> RegisterAsync(Dao dao)
    {
        var head = await dao.Chain.HeadAsync();
        var read = await new GovernorReader(dao.Chain.Node).ReadAsync(dao.Governor, head, Cancellation);
        var decision = Governor.Decide(
            new RegisterGovernor(dao.Chain.Id, dao.Governor, dao.Token, null, dao.FromBlock, read, dao.Admin, default), null);
        Assert.True(decision.IsAccepted, $"{decision.Rejection?.Code}: {decision.Rejection?.Message}");
        return new LogFold(dao, Assert.IsType<GovernorRegistered>(Assert.Single(decision.Events)));
    }

    /// <summary>Reads every log up to a block.</summary>
    public async Task ReadAsync(BlockRef upTo)
    {
        if (next > upTo.Number)
            return;
        var logs = await dao.Chain.Node.LogsAsync(
            next, upTo.Number, [dao.Governor, dao.Token, dao.Timelock, dao.NextTimelock], cancellation: Cancellation);
        var blocks = new Dictionary<long, BlockRef>();
        foreach (var log in logs)
        {
            if (!blocks.TryGetValue(log.BlockNumber, out var block))
            {
                block = (await dao.Chain.Node.BlockAsync(log.BlockHash, Cancellation))!.Ref;
                blocks[log.BlockNumber] = block;
            }

            Hear(new GovernorLog(Terms.ChainId, log, block));
        }

        next = upTo.Number + 1;
        foreach (var proposal in Proposals.Values.Where(one => one.AwaitedSnapshot < Terms.Clock.At(upTo)).ToList())
        {
            var snapshot = proposal.Created.Snapshot;
            var quorum = Governor.QuorumAt(snapshot, SnapshotQuorum.SupplyAt(snapshot, Terms.KnownSupply, supply));
            Decide(proposal.Key, state => GovernorProposal.Decide(new FixGovernorQuorum(proposal.Key, quorum), state));
        }
    }

    public GovernorProposalState? StateAt(GovernorProposalKey key, BlockRef block) => GovernorState.Of(Proposals[key], Governor, block);

    private void Hear(GovernorLog log)
    {
        if (log.Log.Address == dao.Token)
        {
            if (VotesToken.ChangeOf(log, Terms.Clock) is { } change)
                supply.Add(change);
            return;
        }

        switch (reading.FactOf(log))
        {
            case GovernorFact.OfCreation fact:
                foreach (var operation in fact.Created.Operations)
                    operations[operation] = fact.Created.Proposal;
                Decide(fact.Created.Proposal, state => GovernorProposal.Decide(fact.Created, state));
                break;
            case GovernorFact.OfProposal fact:
                Decide(fact.Proposal, fact.Decide);
                break;
            case GovernorFact.OfOperation fact when operations.TryGetValue(fact.OperationId, out var key):
                Decide(key, state => fact.Decide(key, state));
                break;
            case GovernorFact.OfGovernor fact:
                foreach (var data in Accepted(fact.Decide(Governor)))
                    Governor = Governor.Evolve(Governor, data)!;
                break;
        }
    }

    private void Decide(GovernorProposalKey key, Func<GovernorProposal?, Domain.Decision> decide)
    {
        var state = Proposals.GetValueOrDefault(key);
        foreach (var data in Accepted(decide(state)))
            state = GovernorProposal.Evolve(state, data);
        if (state is null)
            return;
        Proposals[key] = state;
        Assert.Empty(decide(state).Events);
    }

    private IReadOnlyList<object> Accepted(Domain.Decision decision)
    {
        Assert.Null(decision.Rejection);
        Events.AddRange(decision.Events);
        return decision.Events;
    }
}
