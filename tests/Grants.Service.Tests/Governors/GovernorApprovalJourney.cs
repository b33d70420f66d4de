using System.Text.Json.Nodes;
using Grants.Domain.Proposals;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Audit;
using Grants.Service.Demo;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Journeys;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Governors;

/// <summary>
/// A DAO on the chain decides over awards: its executed proposals approve proposals here, and the awards follow up to their
/// reservation in the vault.
/// </summary>
public sealed class GovernorApprovalJourney(LocalServers servers)
{
    private const string ProgramId = "on-chain";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_executed_on_chain_proposal_becomes_an_award()
    {
        await using var chain = await DaoChain.StartAsync();
        var story = await DaoStory.BeginAsync(chain, DaoKind.Timelocked);
        await using var service = await FollowedDao.StartAsync(servers, chain);
        await OpenProgramAsync(chain, story.Dao, service);
        var (ada, bo) = (await service.SignInAsync(Cast.Ada), await service.SignInAsync(Cast.Bo));
        var (hers, his) = (await SubmitAsync(ada, Cast.Ada), await SubmitAsync(bo, Cast.Bo));

        // Hers is linked while the vote is open, or just after where the service is slow, and executed through the governor.
        var forHer = story.Minting($"Award {hers.Id} with content {hers.Content}.");
        var first = await story.ProposeAsync(forHer);
        await story.PassAsync(Dao.Delay);
        await story.VoteAsync(first, 1, 0, 1, 2);
        await service.KnownAsync(story.Dao, (await chain.HeadAsync()).Number);
        await LinkAsync(ada, story.Dao, hers.Id, first.ProposalId);
        await RefusedAsync("NOT_FOUND", () => LinkAsync(bo, story.Dao, hers.Id, first.ProposalId));
        await RefusedAsync("APPLICATION_NOT_NAMED", () => LinkAsync(bo, story.Dao, his.Id, first.ProposalId));
        await story.PassAsync(Dao.Period);
        await story.OnGovernorAsync(OzGovernor.Queue, forHer);
        await service.KnownAsync(story.Dao, (await chain.HeadAsync()).Number);
        Assert.Equal("SUBMITTED", (await ShownAsync(service, hers.Id))["proposal"]!["state"]!.GetValue<string>());
        await story.WaitAsync();
        var executed = await story.OnGovernorAsync(OzGovernor.Execute, forHer);
        await AwardedAsync(service, chain, hers.Id);

        // His is executed in the timelock directly, and linked by the program manager afterwards.
        var forHim = story.Minting($"Award {his.Id} with content {his.Content}.");
        var second = await story.QueuedAsync(forHim);
        await story.WaitAsync();
        await story.DoAsync(
            story.Dao.Voters[3],
            story.Dao.Timelock,
            TimelockController.ExecuteBatch,
            forHim.Targets,
            forHim.Values,
            forHim.Calldatas,
            Hash32.Zero,
            TimelockController.SaltOf(story.Dao.Governor, forHim.DescriptionHash));
        await service.KnownAsync(story.Dao, (await chain.HeadAsync()).Number);
        await LinkAsync(service.Manager, story.Dao, his.Id, second.ProposalId);
        await AwardedAsync(service, chain, his.Id);

        var audit = await AuditRun.CheckAsync(service.Services, Cancellation);
        Assert.All(audit.SelectMany(report => report.Lines), line => Assert.True(line.Holds, string.Join('\n', line.Violations)));
        await using var session = service.Services.GetRequiredService<IDocumentStore>().QuerySession(OpenVote.Space);
        var approval = (await session.LoadAsync<Proposal>(Proposal.StreamId(hers.Id), Cancellation))!.OnChainApproval!;
        Assert.Equal((story.Dao.Governor, first.ProposalId), (approval.Governor, approval.GovernorProposalId));
        Assert.Equal(executed.TransactionHash, approval.Evidence.TransactionHash);
        foreach (var proposal in new[] { hers.Id, his.Id })
        {
            var events = await session.Events.FetchStreamAsync(Proposal.StreamId(proposal), token: Cancellation);
            Assert.Single(events, one => one.Data is ProposalApproved);
        }
    }

    private static async Task OpenProgramAsync(DaoChain chain, Dao dao, FollowedDao service)
    {
        // The story's people sign their transactions and wait for them: while they build, every transaction has a block.
        await chain.Node.RequestAsync("evm_setAutomine", [true], Cancellation);
        var treasury = await service.Public.QueryAsync("{ treasury { operator } }", null, Cancellation);
        var treasuryOperator = Address.Parse(treasury["treasury"]!["operator"]!.GetValue<string>());
        var budget = Scene.Tokens(100_000);
        var scene = await Scene.BuildAsync(new Devnet(chain.Node, chain.Id), treasuryOperator, budget, Cancellation);
        await chain.Node.RequestAsync("evm_setAutomine", [false], Cancellation);
        await service.RegisterAsync(dao);
        await service.Manager.MutateAsync(
            "openProgram", "program", "programId", VotingActs.ProgramInput(scene, ProgramId, budget, 3_600), Cancellation);
        var ada = await service.SignInAsync(Cast.Ada);
        await RefusedAsync("FORBIDDEN", () => ApproveByAsync(ada, dao.Governor));
        await RefusedAsync("NOT_FOUND", () => ApproveByAsync(service.Manager, dao.Timelock));
        var approver = await ApproveByAsync(service.Manager, dao.Governor);
        Assert.Equal(dao.Governor.ToString(), approver["governor"]!.GetValue<string>());
    }

    private static Task<JsonNode> ApproveByAsync(ApiClient client, Address governor) => client.MutateAsync(
        "approveByGovernor",
        "approver",
        "programId governor",
        new() { ["programId"] = ProgramId, ["governor"] = governor.ToString() },
        Cancellation);

    private static async Task<(Hash32 Id, Hash32 Content)> SubmitAsync(ApiClient client, Person person)
    {
        var input = OpenVote.DraftInput(ProgramId);
        input["recipient"] = person.Address.ToString();
        var draft = await client.MutateAsync("draftProposal", "proposal", "proposalId", input, Cancellation);
        var submitted = await client.MutateAsync(
            "submitProposal",
            "proposal",
            "proposalId contentHash",
            new() { ["proposalId"] = draft["proposalId"]!.GetValue<string>() },
            Cancellation);
        return (Hash32.Parse(submitted["proposalId"]!.GetValue<string>()), Hash32.Parse(submitted["contentHash"]!.GetValue<string>()));
    }

    private static Task<JsonNode> LinkAsync(ApiClient client, Dao dao, Hash32 proposal, UInt256 governorProposal) => client.MutateAsync(
        "linkGovernorProposal",
        "governorProposal",
        "approves { proposalId contentHash }",
        new()
        {
            ["proposalId"] = proposal.ToString(),
            ["governor"] = dao.Governor.ToString(),
            ["governorProposalId"] = governorProposal.ToString(),
        },
        Cancellation);

    private static Task<JsonObject> ShownAsync(FollowedDao service, Hash32 proposal) => service.Public.QueryAsync(
        "query ($p: Bytes32!) { proposal(proposalId: $p) { state } award(proposalId: $p) { amount reservedAt { blockNumber } } }",
        new { p = proposal.ToString() },
        Cancellation);

    /// <summary>Approved, awarded, and reserved in the vault by the treasury's own transaction.</summary>
    private static Task AwardedAsync(FollowedDao service, DaoChain chain, Hash32 proposal) => Eventually.TrueAsync(
        async () =>
        {
            await chain.MineAsync();
            var shown = await ShownAsync(service, proposal);
            return shown["proposal"]!["state"]!.GetValue<string>() == "APPROVED" && shown["award"]?["amount"]?.GetValue<string>() == "1000"
                && shown["award"]!["reservedAt"] is not null;
        },
        TimeSpan.FromMinutes(3),
        "the award is reserved");

    private static async Task RefusedAsync(string code, Func<Task> act)
    {
        var refused = await Assert.ThrowsAsync<DemoException>(act);
        Assert.Contains($"\"{code}\"", refused.Message, StringComparison.Ordinal);
    }
}
