using System.Text.Json.Nodes;
using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Proposals;

/// <summary>Programs and awards by filters, in an order, page by page.</summary>
[Collection(nameof(OpenVote))]
public sealed class OtherListTests(OpenVote vote)
{
    private const long Later = 4_102_444_800;

    private static readonly EventKey Evidence = new(1, 1, Keccak256.Hash("block"), Keccak256.Hash("transaction"), 0);

    private readonly Applying applying = new(vote);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task programs_are_listed_by_filters_and_in_each_order_page_by_page()
    {
        var mark = $"{Guid.CreateVersion7():n}"[..20];
        foreach (var (name, budget) in new (string, ulong)[] { ("c", 30), ("B", 30), ("누", 7), ("a", 200) })
        {
            await applying.OpenProgramAsync("listed", input =>
            {
                (input["name"], input["budget"]) = ($"{name} {mark}", Scene.Tokens(budget).ToString());
                if (name == "a")
                    input["review"] = new JsonObject { ["stage"] = "DECISION", ["reviewers"] = new JsonArray { $"{Cast.Bo.Address}" } };
            });
        }

        async Task<IEnumerable<string>> NamesAsync(string arguments) =>
            (await ListAsync("programs", $"name: \"{mark.ToUpperInvariant()}\", {arguments}", "name")).Select(name => name.Split(' ')[0]);
        Assert.Equal(["a", "누", "B", "c"], await NamesAsync("orderBy: NEWEST"));
        Assert.Equal(["B", "a", "c", "누"], await NamesAsync("orderBy: NAME"));
        var byBudget = (await NamesAsync("orderBy: BUDGET")).ToList();
        Assert.Equal(("a", "누"), (byBudget[0], byBudget[3]));
        Assert.Equal(4, (await NamesAsync($"kind: GRANT, token: \"{vote.Scene.Token}\"")).Distinct().Count());
        Assert.Empty(await NamesAsync($"token: \"{vote.Scene.Dollar}\""));
        Assert.Equal(["a"], await NamesAsync($"reviewer: \"{Cast.Bo.Address}\""));
    }

    [Fact]
    public async Task awards_are_listed_by_filters_and_in_each_order_page_by_page()
    {
        var programId = $"awards-{Guid.CreateVersion7():n}";
        var awards = await StoreAsync(
            programId,
            (Cast.Ada, 30, []),
            (Cast.Bo, 30, [new AwardReserved(default, Evidence)]),
            (Cast.Bo, 200, [new AwardReserved(default, Evidence), new TrancheHeld(default, 1, 1, Block)]),
            (Cast.Vera, 9, [new AwardReserved(default, Evidence), new AwardCancelled(
                default, CancellationMode.KeepVested, Later, "Over.", Cast.Manager.Address, Block)]));
        async Task<IReadOnlyList<int>> FoundAsync(string arguments) =>
        [
            .. (await ListAsync("awards", $"programId: \"{programId}\", {arguments}", "awardId"))
                .Select(id => Array.FindIndex(awards, award => award.ToString() == id)),
        ];

        foreach (var (status, index) in new[] { ("RESERVING", 0), ("RUNNING", 1), ("HELD", 2), ("CANCELLED", 3) })
        {
            Assert.Equal([index], await FoundAsync($"status: {status}"));
            Assert.Equal([status], await ListAsync("awards", $"programId: \"{programId}\", status: {status}", "status"));
        }

        Assert.Empty(await FoundAsync("status: SETTLED"));
        Assert.Equal([3, 2, 1, 0], await FoundAsync("orderBy: NEWEST"));
        foreach (var order in new[] { "AMOUNT", "REMAINING" })
        {
            var byAmount = await FoundAsync($"orderBy: {order}");
            Assert.Equal((2, 3), (byAmount[0], byAmount[3]));
            Assert.Equal([0, 1], byAmount.Skip(1).Take(2).Order());
        }

        Assert.Equal([1, 2], (await FoundAsync($"recipient: \"{Cast.Bo.Address}\", orderBy: NEWEST")).Order());
        Assert.Equal([3], await FoundAsync($"applicant: \"{Cast.Vera.Address}\""));
        Assert.Empty(await FoundAsync($"token: \"{vote.Scene.Dollar}\""));
    }

    private static BlockRef Block => new(1, Keccak256.Hash("block"), 1);

    // Awards as they are stored; they begin in a century, and nothing is due.
    private async Task<Hash32[]> StoreAsync(string programId, params (Person Who, ulong Amount, object[] Then)[] awards)
    {
        var ids = new List<Hash32>();
        await using var session = vote.Services.GetRequiredService<IDocumentStore>().LightweightSession(OpenVote.Space);
        foreach (var (i, (who, amount, then)) in awards.Index())
        {
            var (proposal, at) = (Keccak256.Hash($"{programId} {i}"), DateTimeOffset.UnixEpoch);
            var terms = new AwardTerms(
                Award.IdOf(proposal),
                proposal,
                programId,
                vote.ChainId,
                vote.Scene.Token,
                vote.Scene.Vault,
                vote.Scene.Treasury,
                who.Address,
                amount,
                new LinearVesting(amount, Later + i, 0, 100),
                ReinvestmentPolicy.OfTwoRules("none", 1, new(10_000), default, 0, 0, [], []),
                StartAt: Later + i);
            session.Events.StartStream<Proposal>(
                Proposal.StreamId(proposal),
                new ProposalDrafted(proposal, programId, who.Address, new ProposalContent("Thing", "So.", amount, who.Address), at));
            session.Events.StartStream<Award>(Award.StreamId(terms.AwardId), [new AwardGranted(terms, default, at), .. then]);
            ids.Add(terms.AwardId);
        }

        await session.SaveChangesAsync(Cancellation);
        return [.. ids];
    }

    private async Task<string[]> ListAsync(string list, string arguments, string field)
    {
        var found = new List<string>();
        string? after = null;
        int total;
        do
        {
            var page = (await vote.Public.QueryAsync(
                $"query ($a: String) {{ {list}({arguments}, first: 1, after: $a) {{ edges {{ node {{ {field} }} }} "
                    + "totalCount pageInfo { endCursor hasNextPage } } }",
                new { a = after },
                Cancellation))[list]!;
            found.AddRange(page["edges"]!.AsArray().Select(edge => edge!["node"]![field]!.GetValue<string>()));
            total = page["totalCount"]!.GetValue<int>();
            after = page["pageInfo"]!["hasNextPage"]!.GetValue<bool>() ? page["pageInfo"]!["endCursor"]!.GetValue<string>() : null;
        }
        while (after is not null);
        Assert.Equal(found.Count, total);
        return [.. found];
    }
}
