using System.Text.Json.Nodes;
using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Domain.Programs;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.History;
using Grants.Service.Api.Lists;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Grants.Service.Tests.Transports;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Proposals;

/// <summary>Lists as they were: which rows there were, what they were like, and in which order.</summary>
[Collection(nameof(OpenVote))]
public sealed class PastListTests(OpenVote vote)
{
    private const string Sent = "state: SUBMITTED, orderBy: TITLE";

    private readonly Applying applying = new(vote);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string OfAda => $"applicant: \"{Cast.Ada.Address}\"";

    [Fact]
    public async Task proposals_are_listed_as_they_were_before_and_behind_each_change()
    {
        var programId = await applying.OpenProgramAsync("past");
        var none = await NowAsync();
        var id = await Applying.DraftAsync(vote.Ada, programId, Cast.Ada, input => input["title"] = "a");
        var drafted = await NowAsync();
        await Applying.SubmitAsync(vote.Ada, id);
        var one = await NowAsync();
        await SubmittedAsync(Cast.Bo, programId, "b");
        var two = await NowAsync();
        await vote.Ada.MutateAsync("withdrawProposal", "proposal", "state", Applying.Id(id), Cancellation);

        Assert.Equal(["b"], await TitlesAsync(vote.Public, programId, Sent));
        foreach (var (moments, filters, titles) in new (Moment, string, string[])[]
        {
            (none, Sent, []), (drafted, Sent, []), (one, Sent, ["a"]), (two, Sent, ["a", "b"]), (two, "state: WITHDRAWN", []),
        })
        {
            Assert.Equal(titles, await TitlesAsync(vote.Public, programId, $"{filters}, asOf: {{ sequence: {moments.Sequence} }}"));
            Assert.Equal(titles, await TitlesAsync(vote.Public, programId, $"{filters}, asOf: {{ time: \"{moments.At}\" }}"));
        }

        var asDraft = $"{OfAda}, asOf: {{ sequence: {drafted.Sequence} }}";
        Assert.Equal(["a"], await TitlesAsync(vote.Ada, programId, asDraft));
        Assert.Empty(await TitlesAsync(vote.Public, programId, asDraft));
        Assert.Empty(await TitlesAsync(vote.Ada, programId, $"asOf: {{ sequence: {drafted.Sequence} }}"));
    }

    [Fact]
    public async Task there_is_nothing_before_all_events_and_what_is_to_come_is_now()
    {
        var programId = await applying.OpenProgramAsync("ends");
        await SubmittedAsync(Cast.Bo, programId, "b");
        Assert.Empty(await TitlesAsync(vote.Public, programId, "asOf: { sequence: 0 }"));
        Assert.Empty(await TitlesAsync(vote.Public, programId, "asOf: { time: \"2001-01-01T00:00:00+09:00\" }"));
        Assert.Equal(["b"], await TitlesAsync(vote.Public, programId, $"asOf: {{ sequence: {long.MaxValue} }}"));
        Assert.Equal(["b"], await TitlesAsync(vote.Public, programId, "asOf: { time: \"2999-01-01T00:00:00Z\" }"));
    }

    [Fact]
    public async Task the_next_page_is_of_the_same_moment_and_a_cursor_is_of_no_other()
    {
        var programId = await applying.OpenProgramAsync("pages");
        foreach (var (who, title) in new[] { (Cast.Ada, "c"), (Cast.Vera, "a"), (Cast.Viktor, "b") })
            await SubmittedAsync(who, programId, title);
        var then = $"asOf: {{ sequence: {(await NowAsync()).Sequence} }}";
        var first = await PageAsync(programId, then, null);
        await SubmittedAsync(Cast.Bo, programId, "aa");
        var later = $"asOf: {{ sequence: {(await NowAsync()).Sequence} }}";
        var second = await PageAsync(programId, then, first.End);
        Assert.Equal(("a", "b", 3), (first.Title, second.Title, second.Total));
        Assert.Equal(first, await PageAsync(programId, then, null));
        Assert.Equal("c", (await PageAsync(programId, then, second.End)).Title);
        var newer = await PageAsync(programId, later, (await PageAsync(programId, later, null)).End);
        Assert.Equal(("aa", 4), (newer.Title, newer.Total));

        var now = await PageAsync(programId, "label: null", null);
        foreach (var (moment, cursor) in new[]
        {
            (later, first.End), ("label: null", first.End), (then, now.End), (then, first.End[..^2] + "AA"),
            (then + ", title: \"b\"", first.End),
        })
        {
            var refused = await Assert.ThrowsAsync<DemoException>(() => PageAsync(programId, moment, cursor));
            Assert.Contains("BAD_USER_INPUT", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task what_is_hidden_now_is_hidden_in_the_past_and_not_found_there()
    {
        var programId = await applying.OpenProgramAsync("hidden");
        var id = await SubmittedAsync(Cast.Bo, programId, "secret");
        var then = $"asOf: {{ sequence: {(await NowAsync()).Sequence} }}";
        Assert.Equal(["secret"], await TitlesAsync(vote.Public, programId, $"title: \"SECRET\", {then}"));
        await (await vote.SignInAsync(Cast.Council)).MutateAsync(
            "hideProposal", "proposal", "state", new() { ["proposalId"] = id, ["reason"] = "Names of people." }, Cancellation);
        Assert.Equal([null], await TitlesAsync(vote.Public, programId, then));
        Assert.Empty(await TitlesAsync(vote.Public, programId, $"title: \"secret\", {then}"));
    }

    [Fact]
    public async Task programs_are_found_by_the_name_that_they_had()
    {
        var mark = $"{Guid.CreateVersion7():n}";
        var programId = await applying.OpenProgramAsync("renamed", input => input["name"] = $"Old {mark}");
        var then = $"asOf: {{ sequence: {(await NowAsync()).Sequence} }}";
        await vote.Manager.MutateAsync("amendProgram", "program", "version", new JsonObject
        {
            ["programId"] = programId, ["expectedVersion"] = 1, ["reason"] = "A better name.", ["name"] = $"New {mark}",
        }, Cancellation);
        var found = await vote.Public.QueryAsync(
            $$"""
            {
                old: programs(name: "old {{mark}}", first: 2, {{then}}) { totalCount edges { node { name version } } }
                new: programs(name: "new {{mark}}", first: 2, {{then}}) { totalCount }
                now: programs(name: "new {{mark}}", first: 2) { totalCount }
                one: program(programId: "{{programId}}", {{then}}) { name }
                none: program(programId: "{{programId}}", asOf: { sequence: 0 }) { name }
            }
            """,
            null,
            Cancellation);
        var old = found["old"]!["edges"]!.AsArray().Single()!["node"]!;
        Assert.Equal(($"Old {mark}", 1), (old["name"]!.GetValue<string>(), old["version"]!.GetValue<int>()));
        Assert.Equal([1, 0, 1], new[] { "old", "new", "now" }.Select(list => found[list]!["totalCount"]!.GetValue<int>()));
        Assert.Equal(($"Old {mark}", null), (found["one"]!["name"]!.GetValue<string>(), found["none"]));
    }

    [Fact]
    public async Task awards_are_found_by_the_status_that_they_had()
    {
        var programId = $"past-awards-{Guid.CreateVersion7():n}";
        var block = new BlockRef(1, Keccak256.Hash("block"), 1);
        var evidence = new EventKey(1, 1, Keccak256.Hash("block"), Keccak256.Hash("transaction"), 0);
        var moments = new List<long>();
        foreach (var happened in new object[]
        {
            TermsOf(programId), new AwardReserved(default, evidence), new TrancheHeld(default, 1, 1, block),
        })
        {
            await using var session = vote.Services.GetRequiredService<IDocumentStore>().LightweightSession(OpenVote.Space);
            if (happened is AwardTerms terms)
            {
                session.Events.StartStream<Award>(
                    Award.StreamId(terms.AwardId), new AwardGranted(terms, default, DateTimeOffset.UnixEpoch));
            }
            else
            {
                session.Events.Append(Award.StreamId(TermsOf(programId).AwardId), happened);
            }

            await session.SaveChangesAsync(Cancellation);
            moments.Add((await NowAsync()).Sequence);
        }

        string[] statuses = ["RESERVING", "RUNNING", "HELD"];
        foreach (var (then, was) in statuses.Index())
        {
            foreach (var status in statuses)
            {
                var found = (await vote.Public.QueryAsync(
                    $"{{ awards(programId: \"{programId}\", status: {status}, orderBy: REMAINING, first: 1, "
                        + $"asOf: {{ sequence: {moments[then]} }}) {{ totalCount edges {{ node {{ status }} }} }} }}",
                    null,
                    Cancellation))["awards"]!;
                Assert.Equal(status == was ? 1 : 0, found["totalCount"]!.GetValue<int>());
                Assert.All(found["edges"]!.AsArray(), edge => Assert.Equal(was, edge!["node"]!["status"]!.GetValue<string>()));
            }
        }
    }

    [Fact]
    public async Task a_list_is_folded_up_to_its_bounds_and_is_of_its_space()
    {
        const string Other = "past";
        var store = vote.Services.GetRequiredService<IDocumentStore>();
        await using var metis = store.QuerySession(OpenVote.Space);
        var program = (await metis.LoadAsync<FundingProgram>(OpenVote.ProgramId, Cancellation))!;
        await using (var session = store.LightweightSession(Other))
        {
            foreach (var id in new[] { OpenVote.ProgramId, "second" })
            {
                session.Events.StartStream<FundingProgram>(
                    id, program.Terms with { ProgramId = id, Space = Other, Name = id }, new BudgetCommitted(id, default, 1));
            }

            await session.SaveChangesAsync(Cancellation);
        }

        await using var past = store.QuerySession(Other);
        var list = new DocumentList<FundingProgram>(one => one.Id, FundingProgram.Evolve, _ => throw new InvalidOperationException());
        async Task<string[]> NamesAsync(IQuerySession session, Criteria lasting, PastBounds bounds) =>
        [
            .. (await list.ReadPastAsync(
                session,
                new(lasting, new Criteria(), Keysets.ById<FundingProgram>(one => one.Id)),
                new AsOfInput(long.MaxValue, null),
                bounds,
                Cancellation)).Select(one => one.Terms.Name),
        ];
        Assert.Equal([OpenVote.ProgramId, "second"], await NamesAsync(past, new Criteria(), new(2, 4)));
        foreach (var bounds in new PastBounds[] { new(1, 4), new(2, 3) })
        {
            var refused = await Assert.ThrowsAsync<ProtocolError>(() => NamesAsync(past, new Criteria(), bounds));
            Assert.Equal("PAST_TOO_LONG", refused.Code);
        }

        var same = new Criteria().Being("d.id", OpenVote.ProgramId);
        Assert.Equal([OpenVote.ProgramId], await NamesAsync(past, same, new(1, 2)));
        Assert.Equal([program.Terms.Name], await NamesAsync(metis, same, PastBounds.Default));
    }

    [Fact]
    public async Task ballots_of_the_past_are_asked_for_as_those_of_now()
    {
        var (voteId, _) = await vote.OpenAsync();
        async Task<JsonNode> BallotsAsync(string moment, string? after) => (await vote.Public.QueryAsync(
            $"query ($v: Bytes32!, $a: String) {{ ballots(voteId: $v, first: 1, after: $a{moment}) {{ "
                + "edges { cursor node { logIndex choice } } } }",
            new { v = voteId, a = after },
            Cancellation))["ballots"]!["edges"]!;
        await vote.CastAsync(voteId, Cast.Vera, "1");
        var then = $", asOf: {{ sequence: {(await NowAsync()).Sequence} }}";
        var before = (await BallotsAsync("", null))[0]!["node"];
        await vote.CastAsync(voteId, Cast.Vera, "2");
        var ballot = (await BallotsAsync(then, null))[0]!;
        Assert.True(JsonNode.DeepEquals(before, ballot["node"]));
        Assert.False(JsonNode.DeepEquals((await BallotsAsync("", null))[0]!["node"], ballot["node"]));
        Assert.Empty((await BallotsAsync(", asOf: { sequence: 0 }", null)).AsArray());
        var cursor = ballot["cursor"]!.GetValue<string>();
        Assert.Empty((await BallotsAsync(then, cursor)).AsArray());
        foreach (var other in new[] { "", ", asOf: { sequence: 0 }" })
        {
            var refused = await Assert.ThrowsAsync<DemoException>(() => BallotsAsync(other, cursor));
            Assert.Contains("BAD_USER_INPUT", refused.Message, StringComparison.Ordinal);
        }
    }

    private sealed record Moment(long Sequence, string At);

    private async Task<Moment> NowAsync()
    {
        var meta = (await vote.Public.QueryAsync("{ _meta { sequence at } }", null, Cancellation))["_meta"]!;
        return new(meta["sequence"]!.GetValue<long>(), meta["at"]!.GetValue<string>());
    }

    private async Task<string> SubmittedAsync(Person who, string programId, string title) => await Applying.SubmittedAsync(
        await vote.SignInAsync(who), programId, who, input => input["title"] = title);

    private static async Task<string?[]> TitlesAsync(ApiClient client, string programId, string arguments)
    {
        var list = (await client.QueryAsync(
            $"{{ proposals(programId: \"{programId}\", {arguments}, first: 5) {{ totalCount edges {{ node {{ title }} }} }} }}",
            null,
            Cancellation))["proposals"]!;
        string?[] titles = [.. list["edges"]!.AsArray().Select(edge => edge!["node"]!["title"]?.GetValue<string>())];
        Assert.Equal(titles.Length, list["totalCount"]!.GetValue<int>());
        return titles;
    }

    private async Task<(string Title, string End, int Total)> PageAsync(string programId, string arguments, string? after)
    {
        var list = (await vote.Public.QueryAsync(
            $"query ($a: String) {{ proposals(programId: \"{programId}\", {arguments}, orderBy: TITLE, first: 1, after: $a) {{ "
                + "totalCount edges { node { title } } pageInfo { endCursor } } }",
            new { a = after },
            Cancellation))["proposals"]!;
        return (
            list["edges"]![0]!["node"]!["title"]!.GetValue<string>(),
            list["pageInfo"]!["endCursor"]!.GetValue<string>(),
            list["totalCount"]!.GetValue<int>());
    }

    // It begins in a century, and nothing is due.
    private AwardTerms TermsOf(string programId)
    {
        const long Later = 4_102_444_800;
        var proposal = Keccak256.Hash(programId);
        return new(
            Award.IdOf(proposal),
            proposal,
            programId,
            vote.ChainId,
            vote.Scene.Token,
            vote.Scene.Vault,
            vote.Scene.Treasury,
            Cast.Bo.Address,
            30,
            new LinearVesting(30, Later, 0, 100),
            ReinvestmentPolicy.OfTwoRules("none", 1, new(10_000), default, 0, 0, [], []),
            StartAt: Later);
    }
}
