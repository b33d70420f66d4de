using System.Text.Json.Nodes;
using Grants.Domain;
using Grants.Domain.Reinvestment;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Tests.Journeys;
using GraphQL;
using GraphQL.SystemTextJson;
using GraphQL.Types;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Reinvestment;

/// <summary>What an award's wallets have in venues is told as the ledger of its monitor has it.</summary>
[Collection(nameof(OpenVote))]
public sealed class PositionTests(OpenVote vote)
{
    // Of its own, so that nothing of the running service takes this monitor for its work.
    private const string Space = "positions";
    private const string Fields = "venue shares debt weight cap minHoldSeconds at "
        + "readings { convention granted own leaving eligible atWork drift }";

    private static readonly Hash32 AwardId = Keccak256.Hash("an award with positions");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_position_is_told_under_every_convention_and_what_was_left_is_still_told()
    {
        var (one, left) = (Account(1), Account(2));
        await StoreAsync(one, left);
        var answer = await AskAsync(
            $"{{ positions(awardId: \"{AwardId}\", first: 9) {{ totalCount edges {{ node {{ {Fields} }} }} }} "
            + $"there: position(awardId: \"{AwardId}\", venue: \"{one}\") {{ {Fields} }} "
            + $"nowhere: position(awardId: \"{AwardId}\", venue: \"{Account(3)}\") {{ venue }} "
            + $"nobodys: positions(awardId: \"{Keccak256.Hash("none")}\", first: 9) {{ totalCount edges {{ node {{ venue }} }} }} }}");
        Assert.Equal(2, answer["positions"]!["totalCount"]!.GetValue<int>());
        var nodes = answer["positions"]!["edges"]!.AsArray().Select(edge => edge!["node"]!).ToList();
        Assert.Equal([$"{one}", $"{left}"], nodes.Select(node => node["venue"]!.GetValue<string>()));
        Assert.True(JsonNode.DeepEquals(nodes[0], answer["there"]));
        Assert.Null(answer["nowhere"]);
        Assert.Equal("""{"totalCount":0,"edges":[]}""", answer["nobodys"]!.ToJsonString());

        // 100 own before, 100 granted, and 100 of the 200 sold: whose they were is what the conventions differ in. Then 60 are put in,
        // granted ones first.
        Assert.Equal(("30", 300), (nodes[0]["shares"]!.GetValue<string>(), nodes[0]["at"]!.GetValue<int>()));
        Assert.Equal(
            [("FLOOR", "60", "0"), ("PRORATA", "50", "10"), ("FIFO", "60", "0"), ("GRANT_FIRST", "0", "60")],
            Readings(nodes[0]).Select(reading => (Text(reading, "convention"), Text(reading, "granted"), Text(reading, "own"))));
        // Half of it counts, and there is no other limit.
        Assert.Equal(["30", "25", "30", "0"], Readings(nodes[0]).Select(reading => Text(reading, "eligible")));
        Assert.All(Readings(nodes[0]), reading => Assert.Equal("30", Text(reading, "atWork")));
        Assert.All(Readings(nodes[1]), reading => Assert.Equal(("0", "0"), (Text(reading, "granted"), Text(reading, "own"))));
    }

    private static JsonArray Readings(JsonNode position) => position["readings"]!.AsArray();

    private static string Text(JsonNode? of, string field) => of![field]!.GetValue<string>();

    private async Task StoreAsync(Address one, Address left)
    {
        var policy = ReinvestmentPolicy.OfTwoRules("none", 1, new(10_000), default, 0, 0, [], []);
        var wallet = Account(9);
        PolicyVenue Venue(Address address) => new(address, VenueKind.Vault, new(5_000), new(10_000), 0);
        Flow Of(long at, FlowKind kind, Address? venue, UInt256 amount, UInt256 shares) => new(
            $"{at}", kind, wallet, null, venue, amount, shares, new EventKey(1, at, Hash32.Zero, Hash32.Zero, 0), "A test.");
        var ledger = Ledger.Empty
            .ApplyOpeningBalance(wallet, 100, 1)
            .Apply(Of(100, FlowKind.Release, null, 100, UInt256.Zero), null, 100)
            .Apply(Of(105, FlowKind.Sale, null, 100, UInt256.Zero), null, 105)
            .Apply(Of(110, FlowKind.Open, one, 60, 30), Venue(one), 110)
            .Apply(Of(120, FlowKind.Open, left, 10, 10), Venue(left), 120)
            .Apply(Of(130, FlowKind.Close, left, 10, 10), Venue(left), 130)
            .Tick(300);
        await using var session = vote.Services.GetRequiredService<IDocumentStore>().LightweightSession(Space);
        session.Store(new ReinvestmentMonitor(
            ReinvestmentMonitor.StreamId(AwardId),
            AwardId,
            vote.Scene.Token,
            vote.Scene.Vault,
            vote.Scene.Treasury,
            100,
            policy,
            [new MonitoredWallet(wallet, 100, 1)],
            ledger,
            []));
        await session.SaveChangesAsync(Cancellation);
    }

    private async Task<JsonNode> AskAsync(string query)
    {
        await using var scope = vote.Services.GetRequiredService<IServiceScopeFactory>().CreateSpaceScope(Space);
        var result = await vote.Services.GetRequiredService<IDocumentExecuter<ISchema>>().ExecuteAsync(options =>
        {
            options.Query = query;
            options.RequestServices = scope.ServiceProvider;
            options.UserContext = new RequestContext(new Client(new Space(Space, "Positions"), null, "here"));
            options.CancellationToken = Cancellation;
        });
        var told = new GraphQLSerializer().Serialize(result);
        Assert.True(result.Errors is null, told);
        return JsonNode.Parse(told)!["data"]!;
    }

    private static Address Account(int i) => new([.. new byte[19], (byte)i]);
}
