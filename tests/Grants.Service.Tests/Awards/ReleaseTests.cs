using System.Text.Json.Nodes;
using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Domain.Disbursements;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Awards;

/// <summary>What was released of an award, page by page and one by one.</summary>
[Collection(nameof(OpenVote))]
public sealed class ReleaseTests(OpenVote vote)
{
    private const long Later = 4_102_444_800;
    private const string Fields = "tranche amount releaseId releasedAt { transactionHash blockNumber }";

    private static readonly EventKey Evidence = new(1, 8, Keccak256.Hash("block"), Keccak256.Hash("transaction"), 3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task releases_of_an_award_are_told_in_their_order_with_the_log_that_paid_them()
    {
        var (awardId, paid, ordered) = await StoreAsync("told");
        var first = await PageAsync(awardId, null);
        Assert.Equal(2, first["totalCount"]!.GetValue<int>());
        Assert.True(first["pageInfo"]!["hasNextPage"]!.GetValue<bool>());
        var (told, log) = (Node(first), Node(first)["releasedAt"]!);
        Assert.Equal(
            (1, "30", $"{paid}", $"{Evidence.TransactionHash}", 8),
            (told["tranche"]!.GetValue<int>(),
                told["amount"]!.GetValue<string>(),
                told["releaseId"]!.GetValue<string>(),
                log["transactionHash"]!.GetValue<string>(),
                log["blockNumber"]!.GetValue<int>()));
        var second = await PageAsync(awardId, first["pageInfo"]!["endCursor"]!.GetValue<string>());
        Assert.False(second["pageInfo"]!["hasNextPage"]!.GetValue<bool>());
        Assert.Equal(ordered.ToString(), Node(second)["releaseId"]!.GetValue<string>());
        Assert.Null(Node(second)["releasedAt"]);
        Assert.Equal(0, (await PageAsync(Keccak256.Hash("no such award"), null))["totalCount"]!.GetValue<int>());
    }

    [Fact]
    public async Task one_release_is_found_by_the_id_of_its_order_and_a_reservation_is_none()
    {
        var (awardId, paid, ordered) = await StoreAsync("found");
        await using (var session = vote.Services.GetRequiredService<IDocumentStore>().LightweightSession(OpenVote.Space))
        {
            foreach (var (id, kind) in new[]
            {
                (paid, TreasuryOrderKind.Release), (ordered, TreasuryOrderKind.Release), (awardId, TreasuryOrderKind.Reservation),
            })
            {
                var order = new TreasuryOrder(
                    id, kind, vote.ChainId, vote.Scene.Vault, awardId, 1, vote.Scene.Token, Cast.Ada.Address, UInt256.One, null);
                session.Store(new Disbursement(Disbursement.StreamId(id), order, DisbursementState.Finalized, []));
            }

            await session.SaveChangesAsync(Cancellation);
        }

        Assert.Equal(1, (await ReleaseAsync(paid))!["tranche"]!.GetValue<int>());
        Assert.Equal(2, (await ReleaseAsync(ordered))!["tranche"]!.GetValue<int>());
        Assert.Null(await ReleaseAsync(awardId));
        Assert.Null(await ReleaseAsync(Keccak256.Hash("no such release")));
    }

    // As it is stored: the first tranche is paid, the second ordered. It begins in a century, and nothing more is due.
    private async Task<(Hash32 AwardId, Hash32 Paid, Hash32 Ordered)> StoreAsync(string name)
    {
        var proposal = Keccak256.Hash($"releases {name}");
        var (awardId, paid, ordered) = (Award.IdOf(proposal), Keccak256.Hash($"{name} 1"), Keccak256.Hash($"{name} 2"));
        var terms = new AwardTerms(
            awardId,
            proposal,
            $"releases-{name}",
            vote.ChainId,
            vote.Scene.Token,
            vote.Scene.Vault,
            vote.Scene.Treasury,
            Cast.Ada.Address,
            100,
            new LinearVesting(100, Later, 0, 100),
            ReinvestmentPolicy.OfTwoRules("none", 1, new(10_000), default, 0, 0, [], []),
            StartAt: Later);
        await using var session = vote.Services.GetRequiredService<IDocumentStore>().LightweightSession(OpenVote.Space);
        session.Store(new Award(
            Award.StreamId(awardId), terms, [new TrancheOrder(1, 30, paid, Evidence), new TrancheOrder(2, 20, ordered, null)])
        {
            ReservedAt = Evidence,
        });
        await session.SaveChangesAsync(Cancellation);
        return (awardId, paid, ordered);
    }

    private static JsonNode Node(JsonNode page) => Assert.Single(page["edges"]!.AsArray())!["node"]!;

    private async Task<JsonNode> PageAsync(Hash32 awardId, string? after) => (await vote.Public.QueryAsync(
        $"query ($a: Bytes32!, $c: String) {{ releases(awardId: $a, first: 1, after: $c) {{ totalCount edges {{ node {{ {Fields} }} }} "
            + "pageInfo { endCursor hasNextPage } } }",
        new { a = awardId.ToString(), c = after },
        Cancellation))["releases"]!;

    private async Task<JsonNode?> ReleaseAsync(Hash32 id) => (await vote.Public.QueryAsync(
        $"query ($r: Bytes32!) {{ release(releaseId: $r) {{ {Fields} }} }}", new { r = id.ToString() }, Cancellation))["release"];
}
