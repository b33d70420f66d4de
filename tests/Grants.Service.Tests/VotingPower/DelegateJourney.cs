using System.Text.Json.Nodes;
using Grants.Domain.Programs;
using Grants.Domain.VotingPower;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.VotingPower;

/// <summary>Delegates over the API: who delegates to whom on chain, and what delegates say of themselves.</summary>
public sealed class DelegateJourney(LocalServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task delegations_are_seen_with_their_history_and_their_revocation()
    {
        await using var world = await DelegateWorld.StartAsync(servers);
        await world.ActAsync(Cast.Ada, world.Token, Erc5805.Delegate, Cast.Bo.Address);
        await world.ActAsync(Cast.Vera, world.Registry, DelegateRegistry.SetDelegateCall, DelegateWorld.SpaceId, Cast.Bo.Address);
        await world.ActAsync(Cast.Bo, world.Registry, DelegateRegistry.SetDelegateCall, Keccak256.Hash("elsewhere"), Cast.Ada.Address);
        var both = await world.UntilAsync(DelegateWorld.Standing(Cast.Bo), answer => Count(answer) == 2, "both delegations are final");

        // Ada's 100 votes in the token, and ten times his own 50 and Vera's 7 by the registry.
        Assert.Equal("670", both["delegate"]!["power"]!.GetValue<string>());
        Assert.Null(both["delegate"]!["statement"]);
        Assert.Equal(("1000", 0), PowerAndCount(await world.Public.QueryAsync(DelegateWorld.Standing(Cast.Ada), null, Cancellation)));
        Assert.Equal([(Cast.Bo.Address.ToString(), "670")], await DelegatesAsync(world));
        // Blocks have whole seconds: one behind the opening of the program, and another before what comes.
        var then = await world.Chain.NowAsync(Cancellation) + 60;
        await world.Chain.TravelToAsync(then, Cancellation);
        await world.Chain.TravelToAsync(then + 1, Cancellation);

        await world.ActAsync(Cast.Ada, world.Token, Erc5805.Delegate, Cast.Ada.Address);
        await world.ActAsync(Cast.Vera, world.Registry, DelegateRegistry.ClearDelegateCall, DelegateWorld.SpaceId);
        var none = await world.UntilAsync(DelegateWorld.Standing(Cast.Bo), answer => Count(answer) == 0, "both revocations are final");
        Assert.Equal("500", none["delegate"]!["power"]!.GetValue<string>());
        Assert.Equal(("1100", 0), PowerAndCount(await world.Public.QueryAsync(DelegateWorld.Standing(Cast.Ada), null, Cancellation)));
        Assert.Empty(await DelegatesAsync(world));

        var toBo = await DelegationsAsync(world, $"delegate: \"{Cast.Bo.Address}\"");
        Assert.Equal(
            [(world.Token.ToString(), Cast.Ada.Address.ToString()), (world.Registry.ToString(), Cast.Vera.Address.ToString())],
            toBo.Select(one => (one["source"]!.GetValue<string>(), one["delegator"]!.GetValue<string>())));
        Assert.All(toBo, one => Assert.True(
            one["revokedAt"]!["blockNumber"]!.GetValue<long>() > one["since"]!["blockNumber"]!.GetValue<long>()));
        Assert.Single(await DelegationsAsync(world, $"delegator: \"{Cast.Ada.Address}\", standing: true"));
        Assert.Equal(2, (await DelegationsAsync(world, $"delegator: \"{Cast.Ada.Address}\"")).Count);
        await WereAsync(world, DateTimeOffset.FromUnixTimeSeconds(then));
    }

    private static async Task CapAsync(DelegateWorld world, UInt256 cap)
    {
        await using var session = world.Services.GetRequiredService<IDocumentStore>().LightweightSession(OpenVote.Space);
        var terms = (await session.LoadAsync<FundingProgram>(DelegateWorld.ProgramId, Cancellation))!.Terms;
        var rules = terms.VotingRules with { Power = terms.VotingRules.Power with { CapPerVoter = cap } };
        session.Events.Append(DelegateWorld.ProgramId, new ProgramAmended(
            DelegateWorld.ProgramId, 2, terms with { VotingRules = rules }, Cast.Manager.Address, "A cap.", DateTimeOffset.UtcNow));
        await session.SaveChangesAsync(Cancellation);
    }

    // Two delegations stood then, and none before the chain's first block.
    private static async Task WereAsync(DelegateWorld world, DateTimeOffset then)
    {
        var past = $"asOf: {{ time: \"{then:O}\" }}";
        var seen = await world.Public.QueryAsync(
            $$"""
            {
              then: delegates(programId: "{{DelegateWorld.ProgramId}}", first: 9, {{past}}) {
                edges { node { address power } } }
              made: delegations(programId: "{{DelegateWorld.ProgramId}}", first: 9, {{past}}) {
                totalCount edges { node { revokedAt { blockNumber } } } }
              before: delegates(programId: "{{DelegateWorld.ProgramId}}", first: 9, asOf: { sequence: 0 }) { edges { node { power } } }
            }
            """,
            null,
            Cancellation);
        var bo = Assert.Single(seen["then"]!["edges"]!.AsArray())!["node"]!;
        Assert.Equal((Cast.Bo.Address.ToString(), "670"), (bo["address"]!.GetValue<string>(), bo["power"]!.GetValue<string>()));
        Assert.Equal(2, seen["made"]!["totalCount"]!.GetValue<int>());
        Assert.All(seen["made"]!["edges"]!.AsArray(), edge => Assert.Null(edge!["node"]!["revokedAt"]));
        Assert.Empty(seen["before"]!["edges"]!.AsArray());
    }

    [Fact]
    public async Task delegates_come_in_pages_by_their_power()
    {
        await using var world = await DelegateWorld.StartAsync(servers);
        foreach (var (from, to) in new[] { (Cast.Ada, Cast.Bo), (Cast.Bo, Cast.Vera), (Cast.Vera, Cast.Ada) })
            await world.ActAsync(from, world.Token, Erc5805.Delegate, to.Address);
        await world.UntilAsync(DelegateWorld.Standing(Cast.Ada), answer => Count(answer) == 1, "the last delegation is final");
        var (names, cursor) = (new List<string>(), "null");
        do
        {
            var page = (await world.Public.QueryAsync(
                $$"""{ delegates(programId: "{{DelegateWorld.ProgramId}}", first: 1, after: {{cursor}}) """
                + "{ edges { node { address power } } pageInfo { endCursor hasNextPage } } }",
                null,
                Cancellation))["delegates"]!;
            names.Add(page["edges"]![0]!["node"]!["power"]!.GetValue<string>());
            cursor = page["pageInfo"]!["hasNextPage"]!.GetValue<bool>() ? $"\"{page["pageInfo"]!["endCursor"]!.GetValue<string>()}\"" : "";
        }
        while (cursor.Length > 0);

        // Ten times the own balance each, and the votes that were given: 7 to Ada, 100 to Bo, 50 to Vera.
        Assert.Equal(["1007", "600", "120"], names);
        await CapAsync(world, 300);
        Assert.Equal(["300", "300", "120"], (await DelegatesAsync(world)).Select(one => one.Power));
    }

    [Fact]
    public async Task a_delegate_publishes_replaces_and_withdraws_a_statement()
    {
        await using var world = await DelegateWorld.StartAsync(servers);
        var first = await world.TypedDataAsync(Cast.Bo, "나는 일하는 것에 투표합니다.");
        var published = await world.PublishAsync(first, Cast.Bo);
        Assert.Equal(published["digest"]!.GetValue<string>(), (await world.PublishAsync(first, Cast.Bo))["digest"]!.GetValue<string>());
        await world.UntilAsync(DelegateWorld.Standing(Cast.Bo), answer => Count(answer) == 0, "power is indexed");
        Assert.Equal("나는 일하는 것에 투표합니다.", await StatementAsync(world));
        Assert.Equal("2", (await world.PublishAsync(Cast.Bo, "I changed my mind."))["nonce"]!.GetValue<string>());
        Assert.Equal("I changed my mind.", await StatementAsync(world));
        await RefusedAsync("STATEMENT_NOT_NEWER", () => world.PublishAsync(first, Cast.Bo));
        await world.PublishAsync(Cast.Bo, string.Empty);
        Assert.Null(await StatementAsync(world));
        await RefusedAsync("STATEMENT_NOT_NEWER", () => world.PublishAsync(first, Cast.Bo));
        var history = await world.Public.QueryAsync(
            $$"""{ delegateStatementHistory(delegate: "{{Cast.Bo.Address}}") { statement } }""", null, Cancellation);
        Assert.Equal(
            [string.Empty, "I changed my mind.", "나는 일하는 것에 투표합니다."],
            history["delegateStatementHistory"]!.AsArray().Select(one => one!["statement"]!.GetValue<string>()));
        await using var session = world.Services.GetRequiredService<IDocumentStore>().QuerySession(OpenVote.Space);
        var events = await session.Events.FetchStreamAsync(DelegateProfile.StreamId(Cast.Bo.Address), token: Cancellation);
        Assert.Equal(
            [typeof(DelegateStatementPublished), typeof(DelegateStatementPublished), typeof(DelegateStatementWithdrawn)],
            events.Select(one => one.EventType));
    }

    [Fact]
    public async Task a_statement_in_anothers_name_for_another_space_or_out_of_time_is_refused()
    {
        await using var world = await DelegateWorld.StartAsync(servers);
        var statement = await world.TypedDataAsync(Cast.Bo, "Trust me.");
        await RefusedAsync("INVALID_SIGNATURE", () => world.PublishAsync(statement, Cast.Ada));
        await RefusedAsync("INVALID_VALUE", () => world.PublishAsync(With(statement, "space", "optimism"), Cast.Bo));
        await RefusedAsync("STATEMENT_EXPIRED", () => world.PublishAsync(With(statement, "expiresAt", "1"), Cast.Bo));
        await RefusedAsync("INVALID_VALUE", () => world.PublishAsync(With(statement, "statement", new string('a', 10_001)), Cast.Bo));
        await world.PublishAsync(statement, Cast.Bo);
    }

    private static JsonNode With(JsonNode typedData, string member, string value)
    {
        var changed = typedData.DeepClone();
        changed["message"]![member] = value;
        return changed;
    }

    private static async Task RefusedAsync(string code, Func<Task<JsonNode>> publish)
    {
        var refusal = await Assert.ThrowsAsync<DemoException>(publish);
        Assert.Contains(code, refusal.Message, StringComparison.Ordinal);
    }

    private static int Count(JsonNode answer) => answer["delegate"]!["delegatorCount"]!.GetValue<int>();

    private static (string Power, int Count) PowerAndCount(JsonNode answer) =>
        (answer["delegate"]!["power"]!.GetValue<string>(), Count(answer));

    private static async Task<string?> StatementAsync(DelegateWorld world) =>
        (await world.Public.QueryAsync(DelegateWorld.Standing(Cast.Bo), null, Cancellation))["delegate"]!["statement"]
            ?["statement"]!.GetValue<string>();

    private static async Task<IEnumerable<(string Address, string Power)>> DelegatesAsync(DelegateWorld world) =>
        (await world.Public.QueryAsync(
            $$"""{ delegates(programId: "{{DelegateWorld.ProgramId}}", first: 10) { edges { node { address power } } } }""",
            null,
            Cancellation))["delegates"]!["edges"]!.AsArray()
        .Select(edge => (edge!["node"]!["address"]!.GetValue<string>(), edge["node"]!["power"]!.GetValue<string>()));

    private static async Task<IReadOnlyList<JsonNode>> DelegationsAsync(DelegateWorld world, string filter) =>
    [
        .. (await world.Public.QueryAsync(
            $$"""{ delegations(programId: "{{DelegateWorld.ProgramId}}", {{filter}}, first: 10) """
            + "{ edges { node { source delegator since { blockNumber } revokedAt { blockNumber } } } } }",
            null,
            Cancellation))["delegations"]!["edges"]!.AsArray().Select(edge => edge!["node"]!),
    ];
}
