using Grants.Domain.Governors;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Governors;

/// <summary>Governors followed by the running service: node, database and API, held against the contracts.</summary>
public sealed class GovernorFollowingTests(LocalServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DaoKind.Timelocked, false)]
    [InlineData(DaoKind.Timelocked, true)]
    [InlineData(DaoKind.Fractional, true)]
    [InlineData(DaoKind.Compound, false)]
    public async Task a_dao_is_followed_from_its_first_block_and_through_a_restart(DaoKind kind, bool byTimestamp)
    {
        await using var chain = await DaoChain.StartAsync();
        var dao = await Dao.DeployAsync(chain, kind, byTimestamp);
        var fold = await LogFold.RegisterAsync(dao);
        var walk = new DaoWalk(dao, fold, new Random(7));
        await WalkAsync(walk, fold, chain, 30);

        await using var service = await FollowedDao.StartAsync(servers, chain);
        await service.RegisterAsync(dao);
        await service.KnownAsync(dao, (await chain.HeadAsync()).Number);
        Assert.Equal(fold.Proposals.Count, await service.AssertSameAsync(dao));

        await WalkAsync(walk, fold, chain, 10);
        await service.RestartAsync();
        await WalkAsync(walk, fold, chain, 10);
        await service.KnownAsync(dao, (await chain.HeadAsync()).Number);
        Assert.Equal(fold.Proposals.Count, await service.AssertSameAsync(dao));
        await AssertEventsAsync(service, dao, fold);
    }

    [Fact]
    public async Task two_spaces_follow_one_governor_each_for_itself_and_from_its_own_time_on()
    {
        await using var chain = await DaoChain.StartAsync();
        var dao = await Dao.DeployAsync(chain, DaoKind.Timelocked, false);
        var fold = await LogFold.RegisterAsync(dao);
        var walk = new DaoWalk(dao, fold, new Random(11));
        await WalkAsync(walk, fold, chain, 20);
        await using var service = await FollowedDao.StartAsync(servers, chain);
        await service.RegisterAsync(dao);
        await service.KnownAsync(dao, (await chain.HeadAsync()).Number);
        var listed = await service.Public.QueryAsync(
            "{ early: governors(first: 2, asOf: { sequence: 0 }) { totalCount } now: governors(first: 2) { totalCount } "
                + "then: governors(first: 2, asOf: { sequence: 1000000 }) { totalCount edges { node { name asOf { number } } } } }",
            null,
            Cancellation);
        Assert.Equal([0, 1, 1], new[] { "early", "now", "then" }.Select(list => listed[list]!["totalCount"]!.GetValue<int>()));
        Assert.Null(Assert.Single(listed["then"]!["edges"]!.AsArray())!["node"]!["asOf"]);
        await using var other = await service.OtherAsync();
        Assert.Empty(await other.ProposalsAsync(dao));

        await other.RegisterAsync(dao);
        await WalkAsync(walk, fold, chain, 10);
        foreach (var space in new[] { service, other })
        {
            await space.KnownAsync(dao, (await chain.HeadAsync()).Number);
            Assert.Equal(fold.Proposals.Count, await space.AssertSameAsync(dao));
        }

        await AssertEventsAsync(service, dao, fold);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_timelock_that_came_into_use_later_is_read_from_the_beginning(bool keepsUp)
    {
        await using var chain = await DaoChain.StartAsync();
        var story = await DaoStory.BeginAsync(chain, DaoKind.Timelocked);
        var dao = story.Dao;
        await using var service = await FollowedDao.StartAsync(servers, chain);
        await service.RegisterAsync(dao);
        var left = story.Minting("Left behind.");
        var change = DaoStory.Calling("Move.", [(dao.Governor, OzGovernor.UpdateTimelock.Encode(dao.NextTimelock))]);
        var leftKey = await story.QueuedAsync(left);
        await story.DoAsync(
            dao.Admin,
            dao.NextTimelock,
            Dao.ScheduleBatch,
            left.Targets,
            left.Values,
            left.Calldatas,
            Hash32.Zero,
            TimelockController.SaltOf(dao.Governor, left.DescriptionHash),
            (UInt256)Dao.TimelockSeconds);
        await story.QueuedAsync(change);
        await story.WaitAsync();
        if (keepsUp)
            await service.KnownAsync(dao, (await chain.HeadAsync()).Number);
        await story.OnGovernorAsync(OzGovernor.Execute, change);
        Assert.Equal(GovernorProposalState.Queued, await story.StateAsync(leftKey));
        var next = story.Minting("In the next timelock.");
        await story.QueuedAsync(next);
        await story.WaitAsync();
        await story.OnGovernorAsync(OzGovernor.Execute, next);

        await service.KnownAsync(dao, (await chain.HeadAsync()).Number);
        Assert.Equal(3, await service.AssertSameAsync(dao));
        var shown = await service.ProposalsAsync(dao);
        Assert.Equal(["EXECUTED", "EXECUTED", "QUEUED"], shown.Select(one => one["state"]!.GetValue<string>()));
    }

    [Fact]
    public async Task pitfall_8_an_accounts_votes_at_the_snapshot_come_from_the_logs()
    {
        await using var chain = await DaoChain.StartAsync();
        var story = await DaoStory.BeginAsync(chain, DaoKind.Timelocked, byTimestamp: true);
        var dao = story.Dao;
        var key = await story.ProposeAsync(story.Minting("Who can vote?"));
        foreach (var amount in new ulong[] { 3, 4 })
            await chain.SendAsync(dao.Voters[1], dao.Token, Erc20.TransferCall.Encode(dao.Voters[2], Dao.Tokens(amount)));
        await chain.MineAsync();
        await story.PassAsync(Dao.Delay);
        await story.DoAsync(dao.Voters[3], dao.Token, Erc5805.Delegate, dao.Voters[2]);
        await using var service = await FollowedDao.StartAsync(servers, chain);
        await service.RegisterAsync(dao);
        var head = await chain.HeadAsync();
        await service.KnownAsync(dao, head.Number);
        var snapshot = story.Fold.Proposals[key].Created.Snapshot;
        var accounts = chain.Accounts[..6];
        var shown = await service.Public.QueryAsync(
            "query ($g: Address!, $p: UInt256!) { governorProposal(governor: $g, proposalId: $p) {"
            + string.Concat(accounts.Select((account, i) => $" of{i}: votingPower(account: \"{account}\")")) + " } }",
            new { g = dao.Governor.ToString(), p = key.ProposalId.ToString() },
            Cancellation);
        foreach (var (account, i) in accounts.Select((account, i) => (account, i)))
        {
            var ours = shown["governorProposal"]![$"of{i}"]?.GetValue<string>();
            var theirs = (UInt256)(await chain.AskAsync(head, dao.Token, Erc5805.GetPastVotes, account, (UInt256)snapshot))![0];
            Assert.Equal(account == dao.Admin || account == dao.Voters[4] ? null : theirs.ToString(), ours);
            Assert.True(ours is not null || theirs.IsZero);
        }
    }

    [Fact]
    public async Task pitfall_9_a_vote_in_a_block_that_is_replaced_never_counts()
    {
        await using var chain = await DaoChain.StartAsync(finalDepth: 8);
        var story = await DaoStory.BeginAsync(chain, DaoKind.Overridable);
        var dao = story.Dao;
        await using var service = await FollowedDao.StartAsync(servers, chain);
        await service.RegisterAsync(dao);
        var key = await story.ProposeAsync(story.Minting("Reorganised."));
        await chain.MineAsync(Dao.Delay);
        await dao.SendAsync(dao.Voters[0], OzGovernor.CastVote, key.ProposalId, UInt256.One);
        await chain.MineAsync(2);
        await chain.Node.RequestAsync("anvil_reorg", [2, Array.Empty<object>()], Cancellation);
        await dao.SendAsync(dao.Voters[1], OzGovernor.CastVote, key.ProposalId, UInt256.Zero);
        await chain.MineAsync(10);
        await service.KnownAsync(dao, (await chain.HeadAsync()).Number);
        Assert.Equal(1, await service.AssertSameAsync(dao));
        var votes = await VotesAsync(service, dao, key, 5);
        Assert.Equal([dao.Voters[1].ToString()], votes.Select(vote => vote.Voter));
    }

    [Fact]
    public async Task what_cannot_be_followed_is_refused_with_its_reason()
    {
        await using var chain = await DaoChain.StartAsync();
        var dao = await Dao.DeployAsync(chain, DaoKind.Timelocked, byTimestamp: false);
        await using var service = await FollowedDao.StartAsync(servers, chain);
        async Task RefusedAsync(string code, Action<System.Text.Json.Nodes.JsonObject> change)
        {
            var refused = await Assert.ThrowsAsync<DemoException>(() => service.RegisterAsync(dao, change));
            Assert.Contains($"\"{code}\"", refused.Message, StringComparison.Ordinal);
        }

        await RefusedAsync("NOT_A_GOVERNOR", input => input["governor"] = dao.Token.ToString());
        await RefusedAsync("TIMELOCK_DIFFERS", input => input["timelock"] = Address.Zero.ToString());
        await RefusedAsync("VOTES_TOKEN_DIFFERS", input => input["token"] = dao.Governor.ToString());
        await RefusedAsync("CHAIN_NOT_FOLLOWED", input => input["chainId"] = 1);
        await RefusedAsync("INVALID_VALUE", input => input["fromBlock"] = 1_000_000);
        var stranger = await service.SignInAsync(Cast.Bo);
        var forbidden = await Assert.ThrowsAsync<DemoException>(() => stranger.MutateAsync(
            "registerGovernor", "governor", "address", new() { ["governor"] = dao.Governor.ToString(), ["fromBlock"] = 0 }, Cancellation));
        Assert.Contains("FORBIDDEN", forbidden.Message, StringComparison.Ordinal);
        await using var session = service.Services.GetRequiredService<IDocumentStore>().QuerySession(OpenVote.Space);
        Assert.Empty(await session.Query<Governor>().ToListAsync(Cancellation));
    }

    /// <summary>What the store holds is what the logs say, each once; and the API lists every vote in its order.</summary>
    private static async Task AssertEventsAsync(FollowedDao service, Dao dao, LogFold fold)
    {
        await using var session = service.Services.GetRequiredService<IDocumentStore>().QuerySession(OpenVote.Space);
        foreach (var (key, proposal) in fold.Proposals)
        {
            var stored = await session.Events.FetchStreamAsync(key.StreamId(), token: Cancellation);
            var ours = fold.Events.Where(data => KeyOf(data) == key).ToList();
            Assert.Equal(ours.Count, stored.Count);
            Assert.Equal(
                ours.OfType<GovernorVoteCast>().Select(vote => (vote.Voter.ToString(), vote.Weight)),
                (await VotesAsync(service, dao, key, 2)).Select(vote => (vote.Voter, vote.Weight)));
            Assert.Equal(proposal.Votes, (await session.LoadAsync<GovernorProposal>(key.StreamId(), Cancellation))!.Votes);
        }
    }

    private static GovernorProposalKey? KeyOf(object data) =>
        data.GetType().GetProperty("Proposal")?.GetValue(data) as GovernorProposalKey;

    private static async Task<List<(string Voter, UInt256 Weight)>> VotesAsync(
        FollowedDao service, Dao dao, GovernorProposalKey key, int first)
    {
        var all = new List<(string Voter, UInt256 Weight)>();
        for (string? after = null; ;)
        {
            var page = (await service.Public.QueryAsync(
                "query ($g: Address!, $p: UInt256!, $n: Int!, $a: String) "
                + "{ governorVotes(governor: $g, proposalId: $p, first: $n, after: $a) "
                + "{ edges { node { voter weight } } pageInfo { endCursor hasNextPage } } }",
                new { g = dao.Governor.ToString(), p = key.ProposalId.ToString(), n = first, a = after },
                Cancellation))["governorVotes"]!;
            all.AddRange(page["edges"]!.AsArray().Select(edge => edge!["node"]!)
                .Select(node => (node["voter"]!.GetValue<string>(), UInt256.Parse(node["weight"]!.GetValue<string>()))));
            if (!page["pageInfo"]!["hasNextPage"]!.GetValue<bool>())
                return all;
            after = page["pageInfo"]!["endCursor"]!.GetValue<string>();
        }
    }

    private static async Task WalkAsync(DaoWalk walk, LogFold fold, DaoChain chain, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            await fold.ReadAsync(await chain.HeadAsync());
            await walk.StepAsync(await chain.HeadAsync());
        }

        await fold.ReadAsync(await chain.HeadAsync());
    }
}
