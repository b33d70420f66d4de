using System.Text.Json.Nodes;
using Grants.Ethereum.Signing;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Ballots;
using Grants.Service.Demo;
using Xunit;

namespace Grants.Service.Tests.Journeys;

/// <summary>Ballots over the API as wallets and relayers bring them.</summary>
[Collection(nameof(OpenVote))]
public sealed class CastBallotsTests(OpenVote vote)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string VoteId => vote.Open["proposalId"]!.GetValue<string>();

    [Fact]
    public async Task a_batch_has_a_result_for_each_ballot_and_one_bad_ballot_harms_no_other()
    {
        var council = vote.Scene.CouncilWallet;
        JsonArray ballots =
        [
            Signed(vote.BallotOf(Cast.Vera.Address, vote.NextNonce()), Cast.Vera.Key),
            Signed(vote.BallotOf(Cast.Bo.Address, vote.NextNonce()), Cast.Bo.Key),
            Signed(vote.BallotOf(Cast.Viktor.Address, vote.NextNonce()), Cast.Bo.Key),
            Signed(vote.BallotOf(council, vote.NextNonce()), Cast.Council.Key),
        ];
        var results = (await CastAsync(ballots))["results"]!.AsArray();
        Assert.Equal(
            [null, "NO_VOTING_POWER", "INVALID_SIGNATURE", null],
            results.Select(result => result!["error"]?["code"]?.GetValue<string>()));
        Assert.Equal([true, false, false, true], results.Select(result => result!["ballot"] is not null));
        Assert.Equal(council.ToString(), results[3]!["ballot"]!["voter"]!.GetValue<string>());
        var again = (await CastAsync(ballots))["results"]!.AsArray();
        Assert.Equal(results.ToJsonString(), again.ToJsonString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(BallotsGraphQL.BallotsMax + 1)]
    public async Task a_batch_has_1_to_1000_ballots(int count)
    {
        var ballot = Signed(vote.BallotOf(Cast.Bo.Address, "1"), Cast.Bo.Key).ToJsonString();
        var payload = await CastAsync([.. Enumerable.Range(0, count).Select(_ => JsonNode.Parse(ballot))]);
        Assert.Null(payload["results"]);
        Assert.Equal("INVALID_VALUE", payload["userErrors"]![0]!["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task a_batch_of_1000_fits_into_a_request()
    {
        var ballot = Signed(vote.BallotOf(Cast.Bo.Address, "1"), Cast.Bo.Key).ToJsonString();
        var payload = await CastAsync([.. Enumerable.Range(0, BallotsGraphQL.BallotsMax).Select(_ => JsonNode.Parse(ballot))]);
        Assert.Equal(BallotsGraphQL.BallotsMax, payload["results"]!.AsArray().Count);
    }

    [Fact]
    public async Task a_receipt_names_a_head_that_the_log_key_signed()
    {
        var results = (await CastAsync([Signed(vote.BallotOf(Cast.Vera.Address, vote.NextNonce()), Cast.Vera.Key)]))["results"]!;
        var (receipt, head) = (results[0]!["ballot"]!, results[0]!["ballot"]!["treeHead"]!);
        Assert.True(receipt["logIndex"]!.GetValue<long>() < head["size"]!.GetValue<long>());
        var signed = TypedData.Of(
            new TypedDataDomain("Grants", "1", vote.ChainId),
            "TreeHead",
            [
                ("space", "string", head["space"]!.GetValue<string>()),
                ("size", "uint64", (UInt256)head["size"]!.GetValue<long>()),
                ("root", "bytes32", Hash32.Parse(head["root"]!.GetValue<string>())),
                ("timestamp", "uint64", (UInt256)head["timestamp"]!.GetValue<long>()),
            ]);
        Assert.True(Secp256k1.TryRecover(signed.Digest(), Signature.Parse(head["signature"]!.GetValue<string>()), out var signer));
        var log = (await vote.Public.QueryAsync("{ ballotLog { address } }", new { }, Cancellation))["ballotLog"]!;
        Assert.Equal(log["address"]!.GetValue<string>(), signer.ToString());
    }

    [Fact]
    public async Task ballots_are_listed_by_pages_with_filters()
    {
        await CastAsync(
        [
            Signed(vote.BallotOf(Cast.Vera.Address, vote.NextNonce()), Cast.Vera.Key),
            Signed(vote.BallotOf(Cast.Viktor.Address, vote.NextNonce()), Cast.Viktor.Key),
        ]);
        var first = await ListAsync("orderBy: POWER_DESC, first: 1");
        Assert.Equal(Cast.Vera.Address.ToString(), first["edges"]![0]!["node"]!["voter"]!.GetValue<string>());
        Assert.True(first["pageInfo"]!["hasNextPage"]!.GetValue<bool>());
        var second = await ListAsync($"orderBy: POWER_DESC, first: 1, after: \"{first["pageInfo"]!["endCursor"]!.GetValue<string>()}\"");
        Assert.Equal(Cast.Viktor.Address.ToString(), second["edges"]![0]!["node"]!["voter"]!.GetValue<string>());
        var ofViktor = await ListAsync($"filter: {{ voter: \"{Cast.Viktor.Address}\", choice: \"1\" }}, first: 10");
        Assert.Single(ofViktor["edges"]!.AsArray());
        Assert.Empty((await ListAsync("filter: { choice: \"3\" }, first: 10"))["edges"]!.AsArray());
    }

    [Fact]
    public async Task typed_data_is_for_the_next_ballot_in_canonical_form()
    {
        var data = await vote.Public.QueryAsync(
            "query ($v: Bytes32!, $a: Address!) "
                + "{ ballotTypedData(voteId: $v, voter: $a, choice: \" 2 \") votingPower(voteId: $v, account: $a) }",
            new { v = VoteId, a = Cast.Bo.Address.ToString() },
            Cancellation);
        var message = JsonNode.Parse(data["ballotTypedData"]!.GetValue<string>())!["message"]!;
        Assert.Equal(("2", "1", VoteId), (
            message["choice"]!.GetValue<string>(), message["nonce"]!.GetValue<string>(), message["proposal"]!.GetValue<string>()));
        Assert.Equal("0", data["votingPower"]!.GetValue<string>());
    }

    private JsonObject Signed(JsonObject ballot, PrivateKey key) => new()
    {
        ["ballot"] = ballot, ["signature"] = BadBallotTests.SignatureOf(ballot, key, vote.ChainId),
    };

    private async Task<JsonNode> CastAsync(JsonArray ballots) => (await vote.Public.QueryAsync(
        """
        mutation ($i: CastBallotsInput!) {
          castBallots(input: $i) {
            results {
              ballot { voter logIndex treeHead { space size root timestamp signature } }
              error { code message retryAfterSeconds }
            }
            userErrors { code message }
          }
        }
        """,
        new { i = new { clientMutationId = "relay", ballots = ballots.DeepClone() } },
        Cancellation))["castBallots"]!;

    private async Task<JsonNode> ListAsync(string arguments) => (await vote.Public.QueryAsync(
        $$"""
        { ballots(voteId: "{{VoteId}}", {{arguments}}) {
          edges { cursor node { voter choice nonce power logIndex digest acceptedAt byContract reason } } pageInfo { endCursor hasNextPage }
        } }
        """,
        new { },
        Cancellation))["ballots"]!;
}
