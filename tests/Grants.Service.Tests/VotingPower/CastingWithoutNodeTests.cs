using System.Text.Json.Nodes;
using Grants.Domain.VotingPower;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.Tests.Following;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Journeys;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.VotingPower;

/// <summary>Once a vote is open its power is materialised: whether there is a node does not matter to who votes by a key.</summary>
public sealed class CastingWithoutNodeTests(LocalServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ballots_are_cast_while_the_node_is_gone()
    {
        var chain = await AnvilChain.StartAsync();
        await chain.Rpc.RequestAsync("evm_setAutomine", [true], Cancellation);
        await using var world = await DelegateWorld.StartAsync(servers, chain.Endpoint);
        await world.ActAsync(Cast.Ada, world.Token, Erc5805.Delegate, Cast.Bo.Address);
        await world.UntilAsync(
            DelegateWorld.Standing(Cast.Bo),
            answer => answer["delegate"]!["delegatorCount"]!.GetValue<int>() == 1,
            "the delegation is final");
        var vote = await OpenAsync(world);
        await chain.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => world.Chain.NowAsync(Cancellation));
        foreach (var voter in new[] { Cast.Ada, Cast.Bo, Cast.Vera })
            await CastAsync(world, vote, voter);
        var tally = (await world.Public.QueryAsync(
            "query ($v: Bytes32!) { tally(voteId: $v) { voters scores { label score } } }", new { v = vote }, Cancellation))["tally"]!;

        // The votes that Ada gave Bo, and ten times what each holds.
        Assert.Equal((3, "1670"), (tally["voters"]!.GetValue<int>(), tally["scores"]![0]!["score"]!.GetValue<string>()));
    }

    private static async Task<string> OpenAsync(DelegateWorld world)
    {
        var (ada, manager) = (await world.SignInAsync(Cast.Ada), await world.SignInAsync(Cast.Manager));
        var draft = await ada.MutateAsync("draftProposal", "proposal", "proposalId", new()
        {
            ["programId"] = DelegateWorld.ProgramId,
            ["title"] = "A thing",
            ["body"] = "Why not.",
            ["requestedAmount"] = "1000",
            ["recipient"] = Cast.Ada.Address.ToString(),
        }, Cancellation);
        var vote = draft["proposalId"]!.GetValue<string>();
        await ada.MutateAsync("submitProposal", "proposal", "state", new() { ["proposalId"] = vote }, Cancellation);
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await manager.MutateAsync("openVoting", "proposal", "state", new() { ["proposalId"] = vote }, Cancellation);
                    return true;
                }
                catch (DemoException notYet) when (notYet.Message.Contains("POWER_NOT_INDEXED", StringComparison.Ordinal))
                {
                    return false;
                }
            },
            TimeSpan.FromMinutes(2),
            "the vote opens");
        await using var session = world.Services.GetRequiredService<IDocumentStore>().QuerySession(OpenVote.Space);
        var evidence = await session.Events.FetchStreamAsync(PowerEvidenceRecorded.StreamId(Hash32.Parse(vote)), token: Cancellation);
        Assert.Contains(
            Assert.IsType<PowerEvidenceRecorded>(Assert.Single(evidence).Data).Readings,
            reading => reading.Contract == world.Token && reading.Call == Hex.Format(Erc20.TotalSupply.Encode()));
        return vote;
    }

    private static async Task CastAsync(DelegateWorld world, string vote, Person voter)
    {
        var data = await world.Public.QueryAsync(
            "query ($p: Bytes32!, $v: Address!) { ballotTypedData(voteId: $p, voter: $v, choice: \"1\") }",
            new { p = vote, v = voter.Address.ToString() },
            Cancellation);
        var typedData = TypedData.FromJson(data["ballotTypedData"]!.GetValue<string>());
        var ballot = JsonNode.Parse(typedData.ToJson())!["message"]!.DeepClone().AsObject();
        ballot["nonce"] = ballot["nonce"]!.ToString();
        ballot["expiresAt"] = long.Parse(ballot["expiresAt"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
        await world.Public.MutateAsync(
            "castBallot",
            "ballot",
            "logIndex",
            new() { ["ballot"] = ballot, ["signature"] = voter.Key.Sign(typedData.Digest()).ToString() },
            Cancellation);
    }
}
