using System.Text.Json.Nodes;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Proposals;

/// <summary>What a program asks of the proposals that it takes.</summary>
[Collection(nameof(OpenVote))]
public sealed class IntakeTests(OpenVote vote)
{
    private const string Form =
        """
        {
          "type": "object",
          "properties": { "team": { "type": "array", "items": { "type": "object", "properties": { "name": { "type": "string" } } } } },
          "required": ["team"],
          "additionalProperties": false
        }
        """;

    private readonly Applying applying = new(vote);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"team":[{"name":"Ada"},{"name":7}]}""", "[\"answers\",\"team\",\"1\",\"name\"]")]
    [InlineData("""{}""", "[\"answers\"]")]
    [InlineData("""{"team":[],"team":[]}""", "[\"answers\"]")]
    [InlineData("not json", "[\"answers\"]")]
    [InlineData(null, "[\"answers\"]")]
    public async Task answers_that_do_not_meet_the_form_are_refused_with_their_path(string? answers, string path)
    {
        var programId = await applying.OpenProgramAsync("form", Asking(intake => intake["form"] = Form));
        var proposalId = await Applying.DraftAsync(vote.Ada, programId, Cast.Ada, input => input["answers"] = answers);
        var answer = await applying.RefusedAsync("INVALID_VALUE", () => Applying.SubmitAsync(vote.Ada, proposalId));
        Assert.Contains(path, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task answers_that_meet_the_form_are_kept_as_written()
    {
        var programId = await applying.OpenProgramAsync("form", Asking(intake => intake["form"] = Form));
        const string Answers = """{ "team": [ {"name": "에이다"} ] }""";
        var proposalId = await Applying.SubmittedAsync(vote.Ada, programId, Cast.Ada, input => input["answers"] = Answers);
        Assert.Equal(Answers, (await applying.ShownAsync(proposalId, "answers"))!["answers"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"type":"text"}""")]
    [InlineData("""{"properties":{"a":{"pattern":"(a+)+$"}}}""")]
    [InlineData("""{"$ref":"https://elsewhere.example/form.json"}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public Task a_form_that_is_none_is_refused(string form) => applying.RefusedAsync(
        "INVALID_VALUE", () => applying.OpenProgramAsync("form", Asking(intake => intake["form"] = form)));

    [Fact]
    public async Task proposals_are_taken_while_a_round_is_open()
    {
        var now = DateTimeOffset.UtcNow;
        var soon = await applying.OpenProgramAsync("soon", Asking(intake => intake["rounds"] = Round(now.AddDays(1), now.AddDays(2))));
        var proposalId = await Applying.DraftAsync(vote.Ada, soon, Cast.Ada);
        await applying.RefusedAsync("SUBMISSIONS_CLOSED", () => Applying.SubmitAsync(vote.Ada, proposalId));
        var open = await applying.OpenProgramAsync("open", Asking(intake => intake["rounds"] = Round(now.AddDays(-1), now.AddDays(1))));
        var taken = await Applying.SubmittedAsync(vote.Ada, open, Cast.Ada);
        Assert.Equal(1, (await applying.ShownAsync(taken, "submissionRound"))!["submissionRound"]!.GetValue<int>());
    }

    [Fact]
    public async Task amounts_lie_within_the_limits()
    {
        var programId = await applying.OpenProgramAsync("limits", Asking(intake => intake["mostAmount"] = "999"));
        var proposalId = await Applying.DraftAsync(vote.Ada, programId, Cast.Ada);
        await applying.RefusedAsync("AMOUNT_OUT_OF_RANGE", () => Applying.SubmitAsync(vote.Ada, proposalId));
    }

    [Fact]
    public async Task proposing_takes_voting_power_at_the_last_final_block()
    {
        var programId = await applying.OpenProgramAsync(
            "power", Asking(intake => intake["powerToPropose"] = Scene.Tokens(4_000_000).ToString()));
        var (vera, viktor) = (await vote.SignInAsync(Cast.Vera), await vote.SignInAsync(Cast.Viktor));
        var his = await Applying.DraftAsync(viktor, programId, Cast.Viktor);
        await applying.RefusedAsync("POWER_TOO_LOW", () => Applying.SubmitAsync(viktor, his));
        await Applying.SubmittedAsync(vera, programId, Cast.Vera);
    }

    [Fact]
    public async Task of_64_submissions_of_one_applicant_at_once_one_is_taken_and_the_next_when_it_has_ended()
    {
        var programId = await applying.OpenProgramAsync("race");
        var drafts = new List<string>();
        for (var i = 0; i < 64; i++)
            drafts.Add(await Applying.DraftAsync(vote.Ada, programId, Cast.Ada, input => input["title"] = $"Draft {drafts.Count}"));
        var answers = await Task.WhenAll(drafts.Select(async draft =>
        {
            try
            {
                await Applying.SubmitAsync(vote.Ada, draft);
                return draft;
            }
            catch (DemoException refused)
            {
                Assert.Contains("OPEN_PROPOSAL_EXISTS", refused.Message, StringComparison.Ordinal);
                return null;
            }
        }));
        var taken = Assert.Single(answers, answer => answer is not null)!;
        Assert.Equal(1, await EventsAsync("submission_admitted", programId));
        var states = await Task.WhenAll(drafts.Select(async draft =>
            (await applying.ShownAsync(draft, "state", vote.Ada))!["state"]!.GetValue<string>()));
        Assert.Equal(63, states.Count(state => state == "DRAFT"));

        await vote.Ada.MutateAsync("withdrawProposal", "proposal", "state", Applying.Id(taken), Cancellation);
        await Embedded.Eventually.TrueAsync(
            async () => await EventsAsync("submission_released", programId) == 1, TimeSpan.FromMinutes(1), "the place is free");
        await Applying.SubmitAsync(vote.Ada, drafts.First(draft => draft != taken));
    }

    [Fact]
    public async Task a_program_takes_no_more_open_proposals_than_it_says()
    {
        var programId = await applying.OpenProgramAsync("two", Asking(intake => intake["openProposalsMax"] = 1));
        await Applying.SubmittedAsync(vote.Ada, programId, Cast.Ada);
        var bo = await vote.SignInAsync(Cast.Bo);
        var his = await Applying.DraftAsync(bo, programId, Cast.Bo);
        await applying.RefusedAsync("TOO_MANY_OPEN_PROPOSALS", () => Applying.SubmitAsync(bo, his));
    }

    [Fact]
    public async Task proposals_that_are_older_than_the_register_count_in_it()
    {
        var programId = await applying.OpenProgramAsync("older", Asking(intake => intake["openProposalsMax"] = 2));
        var id = Keccak256.Hash($"older {programId}");
        var content = new ProposalContent("Older", "Why not.", 1_000, Cast.Ada.Address);
        var at = DateTimeOffset.UtcNow;
        await using (var session = vote.Services.GetRequiredService<IDocumentStore>().LightweightSession(OpenVote.Space))
        {
            session.Events.StartStream<Proposal>(
                Proposal.StreamId(id),
                new ProposalDrafted(id, programId, Cast.Ada.Address, content, at),
                new ProposalSubmitted(id, Cast.Ada.Address, content.Hash(), at));
            await session.SaveChangesAsync(Cancellation);
        }

        var another = await Applying.DraftAsync(vote.Ada, programId, Cast.Ada);
        await applying.RefusedAsync("OPEN_PROPOSAL_EXISTS", () => Applying.SubmitAsync(vote.Ada, another));
        var (bo, vera) = (await vote.SignInAsync(Cast.Bo), await vote.SignInAsync(Cast.Vera));
        await Applying.SubmittedAsync(bo, programId, Cast.Bo);
        Assert.Equal((2, 1), (
            await EventsAsync("submission_admitted", programId), await EventsAsync("earlier_submissions_counted", programId)));
        var third = await Applying.DraftAsync(vera, programId, Cast.Vera);
        await applying.RefusedAsync("TOO_MANY_OPEN_PROPOSALS", () => Applying.SubmitAsync(vera, third));

        await vote.Ada.MutateAsync("withdrawProposal", "proposal", "state", Applying.Id(id.ToString()), Cancellation);
        await Embedded.Eventually.TrueAsync(
            async () => await EventsAsync("submission_released", programId) == 1, TimeSpan.FromMinutes(1), "the place is free");
        await Applying.SubmitAsync(vote.Ada, another);
    }

    [Fact]
    public async Task milestones_that_the_vesting_does_not_wait_for_are_refused()
    {
        var programId = await applying.OpenProgramAsync("gated", input => input["vesting"] = new JsonObject
        {
            ["cliffSeconds"] = 0,
            ["durationSeconds"] = 0,
            ["parts"] = new JsonArray { new JsonObject { ["afterSeconds"] = 10, ["share"] = 10_000, ["milestone"] = 1 } },
        });
        var without = await Applying.DraftAsync(vote.Ada, programId, Cast.Ada);
        await applying.RefusedAsync("MILESTONES_DO_NOT_MATCH", () => Applying.SubmitAsync(vote.Ada, without));
        await Applying.SubmittedAsync(vote.Ada, programId, Cast.Ada, input => input["milestones"] = new JsonArray
        {
            new JsonObject { ["title"] = "All", ["share"] = 10_000, ["dueAfterSeconds"] = 100 },
        });
    }

    private async Task<long> EventsAsync(string type, string programId)
    {
        await using var command = vote.Database.CreateCommand(
            "select count(*) from grants.mt_events where type = $1 and stream_id = $2");
        command.Parameters.Add(new() { Value = type });
        command.Parameters.Add(new() { Value = $"submissions/{programId}" });
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static Action<JsonObject> Asking(Action<JsonObject> change) => input =>
    {
        var intake = new JsonObject();
        change(intake);
        input["intake"] = intake;
    };

    private static JsonArray Round(DateTimeOffset opensAt, DateTimeOffset closesAt) =>
    [
        new JsonObject { ["name"] = "Spring", ["opensAt"] = $"{opensAt:O}", ["closesAt"] = $"{closesAt:O}" },
    ];
}
