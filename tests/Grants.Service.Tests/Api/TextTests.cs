using System.Text.Json.Nodes;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Api;

/// <summary>Texts that read other than they are, or as others do.</summary>
[Collection(nameof(OpenVote))]
public sealed class TextTests(OpenVote vote)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Texts() => new()
    {
        { "title", "abc\u202egnp.exe" },
        { "title", "zero\u200bwidth" },
        { "title", $"Z{new string('\u0301', 500)}algo" },
        { "title", "two\r\nlines" },
        { "title", "\u001b[31mred" },
        { "title", new string('x', 201) },
        { "title", new string('x', 60_000) },
        { "body", new string('x', 10_001) },
        { "body", " " },
        { "discussion", "javascript:alert(1)" },
        { "discussion", "https://user@evil.example/" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task a_text_that_is_no_such_text_is_refused(string field, string text)
    {
        var before = await RunningService.CountEventsAsync(vote.Database, Cancellation);
        var input = OpenVote.DraftInput(OpenVote.ProgramId);
        input[field] = text;
        await RefusedAsync("INVALID_VALUE", "draftProposal", "proposal", input);
        Assert.Equal(before, await RunningService.CountEventsAsync(vote.Database, Cancellation));
    }

    [Theory]
    [InlineData("👨‍👩‍👧 한국어 𝔊")]
    [InlineData("عنوان")]
    public async Task a_text_in_any_script_is_kept_as_written(string title)
    {
        var input = OpenVote.DraftInput(OpenVote.ProgramId);
        input["title"] = title;
        var kept = await vote.Ada.MutateAsync("draftProposal", "proposal", "title", input, Cancellation);
        Assert.Equal(title, kept["title"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("Builders: long-vote")]
    [InlineData("BUILDERS: LONG-VOTE")]
    [InlineData("Ｂｕｉｌｄｅｒｓ： long-vote")]
    [InlineData("𝔅𝔲𝔦𝔩𝔡𝔢𝔯𝔰: long-vote")]
    public async Task a_program_whose_name_reads_like_another_is_not_opened(string name)
    {
        var input = VotingActs.ProgramInput(vote.Scene, "squatter", Scene.Tokens(1), 60);
        input["name"] = name;
        await RefusedAsync("PROGRAM_NAME_TAKEN", "openProgram", "program", input, vote.Manager);
    }

    [Fact]
    public async Task of_programs_that_are_opened_at_once_one_alone_has_a_name()
    {
        async Task<bool> IsOpenedAsync(string id, string name)
        {
            var input = VotingActs.ProgramInput(vote.Scene, id, Scene.Tokens(1), 60);
            input["name"] = name;
            try
            {
                await vote.Manager.MutateAsync("openProgram", "program", "programId", input, Cancellation);
                return true;
            }
            catch (DemoException refused) when (refused.Message.Contains("PROGRAM_NAME_TAKEN", StringComparison.Ordinal))
            {
                return false;
            }
        }

        string[] alike = ["A race", "a race", "A RACE", "Ａ race", "𝔄 race", "A Race"];
        var opened = await Task.WhenAll(alike.Select((name, i) => IsOpenedAsync($"race-{i}", name)));
        Assert.Single(opened, isOpened => isOpened);
    }

    [Theory]
    [InlineData("Yes", "yes")]
    [InlineData("ﬁne", "fine")]
    [InlineData("가", "\u1100\u1161")]
    public async Task choices_that_read_the_same_are_refused(string one, string other)
    {
        var input = VotingActs.ProgramInput(vote.Scene, "alike", Scene.Tokens(1), 60);
        input["votingRules"]!["system"] = "single-choice@1";
        input["votingRules"]!["choices"] = new JsonArray { one, other };
        await RefusedAsync("INVALID_VALUE", "openProgram", "program", input, vote.Manager);
    }

    private async Task RefusedAsync(string code, string mutation, string result, JsonObject input, ApiClient? who = null)
    {
        var refused = await Assert.ThrowsAsync<DemoException>(
            () => (who ?? vote.Ada).MutateAsync(mutation, result, "__typename", input, Cancellation));
        Assert.Contains(code, refused.Message, StringComparison.Ordinal);
    }
}
