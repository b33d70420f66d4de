using System.Text.Json.Nodes;
using Grants.Domain;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Judging;
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

/// <summary>What was known of an award's breaches at a moment.</summary>
[Collection(nameof(OpenVote))]
public sealed class PastBreachTests(OpenVote vote)
{
    // Of its own, so that nothing of the running service watches what is stored here.
    private const string Space = "past-breaches";
    private const long Day = 1_700_000_000;

    private static readonly Hash32 AwardId = Keccak256.Hash("an award with breaches");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task breaches_are_told_as_they_were_and_a_cursor_is_of_its_moment()
    {
        var (first, second) = ($"{AwardId}/sell/1", $"{AwardId}/hold/2");
        await StoreAsync(new MonitoringStarted(AwardId, [], default, default, default, 1, Policy, Policy.Hash, Block(1)));
        var none = await SequenceAsync();
        await StoreAsync(new BreachOpened(AwardId, BreachOf(first), "Sold.", Block(2)));
        var opened = await SequenceAsync();
        await StoreAsync(new BreachOpened(AwardId, BreachOf(second), "Sold again.", Block(3)));
        var two = await SequenceAsync();
        await StoreAsync(new BreachAppealed(AwardId, first, default, "No.", DateTimeOffset.UnixEpoch));

        Assert.Empty((await PageAsync(none, null)).Ids);
        Assert.Equal([first], (await PageAsync(opened, null)).Ids);
        var page = await PageAsync(two, null);
        Assert.Equal([first], page.Ids);
        Assert.Equal([second], (await PageAsync(two, page.End)).Ids);
        Assert.Null(await AppealAsync(first, two));
        Assert.Equal("No.", await AppealAsync(first, await SequenceAsync()));
        foreach (var moment in new long?[] { opened, null })
        {
            var refused = (await AskAsync(Page(moment), page.End))["errors"]![0]!;
            Assert.Equal("BAD_USER_INPUT", refused["extensions"]!["code"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task a_sanction_in_question_is_told_with_a_next_step_in_the_language_of_who_asks()
    {
        var (space, id) = ("questioned", $"{AwardId}/sell/1");
        await StoreAsync(new MonitoringStarted(AwardId, [], default, default, default, 1, Policy, Policy.Hash, Block(1)), space);
        await StoreAsync(new BreachOpened(AwardId, BreachOf(id), "Sold.", Block(2)), space);
        await StoreAsync(new BreachConfirmed(AwardId, id, RuleKind.MaxDisposal, 6, [], Block(3), "sell"), space);
        await StoreAsync(new SanctionApplied(AwardId, id, SanctionKind.Blacklist, new(0), [], [], [], default, Block(3)), space);
        await StoreAsync(new SanctionQuestioned(AwardId, id, SanctionKind.Blacklist, "It was kept.", 7, Block(4)), space);

        var text = $"{{ breach(breachId: \"{id}\") {{ explanation questions {{ kind why listVersion nextStep }} }} }}";
        var breach = (await AskAsync(text, null, space))["data"]!["breach"]!;
        Assert.Contains("it would not have been confirmed", breach["explanation"]!.GetValue<string>(), StringComparison.Ordinal);
        var question = Assert.Single(breach["questions"]!.AsArray())!;
        Assert.Equal(
            ("BLACKLIST", "It was kept.", 7),
            (question["kind"]!.GetValue<string>(), question["why"]!.GetValue<string>(), question["listVersion"]!.GetValue<int>()));
        Assert.Contains("liftBlacklisting bars them", question["nextStep"]!.GetValue<string>(), StringComparison.Ordinal);
        var korean = (await AskAsync(text, null, space, "ko"))["data"]!["breach"]!["questions"]![0]!["nextStep"]!.GetValue<string>();
        Assert.Contains("liftBlacklisting으로", korean, StringComparison.Ordinal);
    }

    private static ReinvestmentPolicy Policy { get; } = ReinvestmentPolicy.OfTwoRules("none", 1, new(10_000), default, 0, 0, [], []);

    private static BlockRef Block(long number) => new(number, Keccak256.Hash($"block {number}"), Day + number);

    private static Breach BreachOf(string id)
    {
        var reading = new LedgerReading(Convention.Floor, 9, 9, 0, 0, 0, 0, 0, default, default, default, default, default);
        return new(
            id,
            RuleKind.MaxDisposal,
            BreachStatus.Open,
            new(3_000),
            new(10_000),
            6,
            reading,
            Day,
            Day + 60,
            new BreachBaseline(reading, 0, 0, 6),
            [],
            id.Split('/')[1]);
    }

    private async Task StoreAsync(object happened, string space = Space)
    {
        await using var session = vote.Services.GetRequiredService<IDocumentStore>().LightweightSession(space);
        if (happened is MonitoringStarted)
            session.Events.StartStream<ReinvestmentMonitor>(ReinvestmentMonitor.StreamId(AwardId), happened);
        else
            session.Events.Append(ReinvestmentMonitor.StreamId(AwardId), happened);
        await session.SaveChangesAsync(Cancellation);
    }

    private async Task<long> SequenceAsync()
    {
        await using var session = vote.Services.GetRequiredService<IDocumentStore>().QuerySession(Space);
        return (await session.Events.FetchStreamAsync(ReinvestmentMonitor.StreamId(AwardId), token: Cancellation))[^1].Sequence;
    }

    private async Task<(string[] Ids, string? End)> PageAsync(long moment, string? after)
    {
        var list = (await AskAsync(Page(moment), after))["data"]!["breaches"]!;
        return (
            [.. list["edges"]!.AsArray().Select(edge => edge!["node"]!["breachId"]!.GetValue<string>())],
            list["pageInfo"]!["endCursor"]?.GetValue<string>());
    }

    private async Task<string?> AppealAsync(string breachId, long moment) => (await AskAsync(
        $"{{ breach(breachId: \"{breachId}\", asOf: {{ sequence: {moment} }}) {{ appeal {{ reason }} }} }}", null))
        ["data"]!["breach"]!["appeal"]?["reason"]!.GetValue<string>();

    private static string Page(long? moment) =>
        $"query ($a: String) {{ breaches(awardId: \"{AwardId}\", first: 1, after: $a"
            + $"{(moment is null ? "" : $", asOf: {{ sequence: {moment} }}")}) "
            + "{ edges { node { breachId } } pageInfo { endCursor } } }";

    private async Task<JsonNode> AskAsync(string text, string? after, string space = Space, string language = "en")
    {
        await using var scope = vote.Services.GetRequiredService<IServiceScopeFactory>().CreateSpaceScope(space);
        var result = await vote.Services.GetRequiredService<IDocumentExecuter<ISchema>>().ExecuteAsync(options =>
        {
            options.Query = text;
            options.Variables = new Inputs(new Dictionary<string, object?> { ["a"] = after });
            options.RequestServices = scope.ServiceProvider;
            options.UserContext = new RequestContext(new Client(new Space(space, "Past"), null, "here", language));
            options.CancellationToken = Cancellation;
        });
        return JsonNode.Parse(new GraphQLSerializer().Serialize(result))!;
    }
}
