using System.Text.Json.Nodes;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Proposals;

/// <summary>Proposals by filters, in an order, page by page.</summary>
[Collection(nameof(OpenVote))]
public sealed class ProposalListTests(OpenVote vote)
{
    private readonly Applying applying = new(vote);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task proposals_are_listed_by_filters_and_in_each_order_page_by_page()
    {
        var programId = await applying.OpenProgramAsync("list", input => input["review"] = new JsonObject
        {
            ["stage"] = "SCREENING", ["reviewers"] = new JsonArray { Cast.Manager.Address.ToString() },
        });
        (Person Who, string Title, string Amount, string Label)[] drafts =
        [
            (Cast.Ada, "b", "900", "defi"), (Cast.Bo, "B", "1000", "defi"), (Cast.Vera, "누", "70", "dex"),
            (Cast.Viktor, "a", "900", "dex"),
        ];
        foreach (var (who, title, amount, label) in drafts)
        {
            await Applying.SubmittedAsync(await vote.SignInAsync(who), programId, who, input =>
            {
                input["title"] = title;
                input["requestedAmount"] = amount;
                input["labels"] = new JsonArray { label };
            });
        }

        await Applying.DraftAsync(vote.Ada, programId, Cast.Ada, input => input["title"] = "draft");
        Assert.Equal(["a", "누", "B", "b"], await ListAsync(programId, "orderBy: NEWEST"));
        Assert.Equal(["B", "a", "b", "누"], await ListAsync(programId, "orderBy: TITLE"));
        var byAmount = await ListAsync(programId, "orderBy: AMOUNT");
        Assert.Equal(("B", "누"), (byAmount[0], byAmount[3]));
        Assert.Equal(["a", "b"], byAmount[1..3].Order(StringComparer.Ordinal));
        Assert.Equal(["B", "b"], await ListAsync(programId, "orderBy: TITLE, label: \"defi\""));
        Assert.Equal(["B"], await ListAsync(programId, $"applicant: \"{Cast.Bo.Address}\""));
        Assert.Equal(4, (await ListAsync(programId, $"state: SUBMITTED, reviewer: \"{Cast.Manager.Address}\"")).Length);
        Assert.Empty(await ListAsync(programId, $"reviewer: \"{Cast.Vera.Address}\""));
        Assert.Empty(await ListAsync(programId, "round: 1"));
        Assert.Empty(await ListAsync(programId, "state: VOTING"));
    }

    [Fact]
    public async Task an_applicant_alone_finds_their_drafts()
    {
        var programId = await applying.OpenProgramAsync("drafts");
        await Applying.DraftAsync(vote.Ada, programId, Cast.Ada, input => input["title"] = "Secret");
        var mine = $"applicant: \"{Cast.Ada.Address}\"";
        Assert.Equal(["Secret"], await ListAsync(programId, mine, vote.Ada));
        Assert.Empty(await ListAsync(programId, mine));
        Assert.Empty(await ListAsync(programId, "orderBy: ID", vote.Ada));
    }

    private async Task<string[]> ListAsync(string programId, string filters, ApiClient? client = null)
    {
        var titles = new List<string>();
        string? after = null;
        int total;
        do
        {
            var list = (await (client ?? vote.Public).QueryAsync(
                $"query ($p: String, $a: String) {{ proposals(programId: $p, {filters}, first: 2, after: $a) {{ "
                    + "totalCount edges { node { title } } pageInfo { endCursor hasNextPage } } }",
                new { p = programId, a = after },
                Cancellation))["proposals"]!;
            titles.AddRange(list["edges"]!.AsArray().Select(edge => edge!["node"]!["title"]!.GetValue<string>()));
            total = list["totalCount"]!.GetValue<int>();
            var page = list["pageInfo"]!;
            after = page["hasNextPage"]!.GetValue<bool>() ? page["endCursor"]!.GetValue<string>() : null;
        }
        while (after is not null);
        Assert.Equal(titles.Count, total);
        return [.. titles];
    }
}
