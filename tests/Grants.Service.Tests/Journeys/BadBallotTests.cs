using System.Text.Json.Nodes;
using Grants.Domain.Ballots;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Grants.Service.Ballots;
using Grants.Service.Demo;
using Xunit;

namespace Grants.Service.Tests.Journeys;

/// <summary>Ballots that must not count: each is refused with its own code, and nothing is written.</summary>
[Collection(nameof(OpenVote))]
public sealed class BadBallotTests(OpenVote vote)
{
    private static readonly UInt256 CurveOrder =
        UInt256.FromBytes(Hex.Parse("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static JsonObject With(JsonObject ballot, string field, JsonNode value)
    {
        ballot[field] = value;
        return ballot;
    }

    private JsonObject Vera => vote.BallotOf(Cast.Vera.Address, "1");

    [Fact]
    public Task a_ballot_after_the_close_is_refused() => RefusedAsync(
        "OUTSIDE_VOTING_WINDOW",
        With(With(Vera, "proposal", vote.Closed["proposalId"]!.DeepClone()), "proposalHash", vote.Closed["contentHash"]!.DeepClone()));

    [Fact]
    public Task a_ballot_on_a_proposal_that_has_no_vote_is_refused() =>
        RefusedAsync("VOTING_NOT_OPEN", With(Vera, "proposal", Keccak256.Hash("no such proposal").ToString()));

    [Fact]
    public Task a_ballot_for_another_space_is_refused() => RefusedAsync("WRONG_SPACE", With(Vera, "space", "optimism"));

    [Fact]
    public Task a_ballot_that_binds_other_content_is_refused() =>
        RefusedAsync("WRONG_PROPOSAL_HASH", With(Vera, "proposalHash", Keccak256.Hash("edited").ToString()));

    [Fact]
    public Task an_expired_ballot_is_refused() =>
        RefusedAsync("BALLOT_EXPIRED", With(Vera, "expiresAt", DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 1));

    [Fact]
    public Task a_ballot_that_lies_for_more_than_a_week_is_refused() =>
        RefusedAsync("BALLOT_EXPIRED", With(Vera, "expiresAt", DateTimeOffset.UtcNow.ToUnixTimeSeconds() + (8 * 86_400)));

    [Theory]
    [InlineData("0")]
    [InlineData("4")]
    [InlineData("01")]
    [InlineData(" 1")]
    [InlineData("\"1\"")]
    [InlineData("{\"1\":100}")]
    [InlineData("１")]
    public Task a_choice_that_is_none_is_refused(string choice) => RefusedAsync("INVALID_CHOICE", With(Vera, "choice", choice));

    [Fact]
    public Task a_voter_without_power_is_refused() =>
        RefusedAsync("NO_VOTING_POWER", vote.BallotOf(Cast.Bo.Address, "1"), Cast.Bo.Key);

    [Fact]
    public Task the_zero_address_cannot_vote() => RefusedAsync("NO_VOTING_POWER", vote.BallotOf(Address.Zero, "1"));

    [Fact]
    public Task a_ballot_by_another_key_is_refused() => RefusedAsync("INVALID_SIGNATURE", Vera, Cast.Viktor.Key);

    [Fact]
    public Task a_ballot_signed_for_another_chain_is_refused() => RefusedAsync("INVALID_SIGNATURE", Vera, Cast.Vera.Key, vote.ChainId + 1);

    [Fact]
    public Task a_ballot_changed_after_it_was_signed_is_refused() =>
        RefusedAsync("INVALID_SIGNATURE", Vera, SignatureOf(With(Vera, "choice", "2"), Cast.Vera.Key, vote.ChainId));

    [Fact]
    public Task a_contract_wallet_does_not_vouch_for_a_strangers_signature() =>
        RefusedAsync("INVALID_SIGNATURE", vote.BallotOf(vote.Scene.CouncilWallet, "1"), Cast.Bo.Key);

    [Fact]
    public Task the_high_s_twin_of_a_signature_is_refused()
    {
        var signature = Signature.Parse(SignatureOf(Vera, Cast.Vera.Key, vote.ChainId));
        byte[] twin = [.. signature.R.ToBytes(), .. (CurveOrder - signature.S).ToBytes(), (byte)(28 - signature.YParity)];
        return RefusedAsync("INVALID_SIGNATURE", Vera, Hex.Format(twin));
    }

    [Fact]
    public Task a_compact_signature_is_refused()
    {
        var signature = Hex.Parse(SignatureOf(Vera, Cast.Vera.Key, vote.ChainId));
        return RefusedAsync("INVALID_SIGNATURE", Vera, Hex.Format(signature.AsSpan(0, 64)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("0x123")]
    [InlineData("not hexadecimal")]
    public Task a_signature_of_no_shape_is_refused(string signature) => RefusedAsync("INVALID_SIGNATURE", Vera, signature);

    [Fact]
    public async Task the_same_nonce_twice_is_refused_and_the_same_ballot_twice_is_the_same_act()
    {
        var nonce = vote.NextNonce();
        var first = vote.BallotOf(Cast.Viktor.Address, nonce);
        var accepted = (await CastAsync(first, SignatureOf(first, Cast.Viktor.Key, vote.ChainId)))["ballot"]!;
        var before = await CountAsync();
        var again = (await CastAsync(first, SignatureOf(first, Cast.Viktor.Key, vote.ChainId)))["ballot"]!;
        Assert.Equal(accepted["logIndex"]!.GetValue<long>(), again["logIndex"]!.GetValue<long>());
        await RefusedAsync("NONCE_NOT_ABOVE", With(vote.BallotOf(Cast.Viktor.Address, nonce), "choice", "2"), Cast.Viktor.Key);
        await RefusedAsync("NONCE_NOT_ABOVE", With(vote.BallotOf(Cast.Viktor.Address, "1"), "choice", "2"), Cast.Viktor.Key);
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task one_ballot_cast_64_times_at_once_is_recorded_once()
    {
        var ballot = vote.BallotOf(Cast.Vera.Address, vote.NextNonce());
        var signature = SignatureOf(ballot, Cast.Vera.Key, vote.ChainId);
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => CastAsync(ballot, signature)));
        Assert.Single(answers.Select(answer => answer["ballot"]!["logIndex"]!.GetValue<long>()).Distinct());
        var tally = (await vote.Public.QueryAsync(
            "query ($p: Bytes32!) { tally(voteId: $p) { scores { score } } }",
            new { p = vote.Open["proposalId"]!.GetValue<string>() },
            Cancellation))["tally"]!;
        var others = new[] { 0UL, 1_000_000UL, 2_500_000UL, 3_500_000UL };
        Assert.Contains(
            tally["scores"]![0]!["score"]!.GetValue<string>(), others.Select(power => Scene.Tokens(4_000_000UL + power).ToString()));
    }

    internal static string SignatureOf(JsonObject ballot, PrivateKey key, long chainId)
    {
        string Text(string field) => ballot[field]!.GetValue<string>();
        var signed = new SignedBallot(
            Text("space"),
            Hash32.Parse(Text("proposal")),
            Hash32.Parse(Text("proposalHash")),
            Address.Parse(Text("voter")),
            Text("choice"),
            UInt256.Parse(Text("nonce")),
            ballot["expiresAt"]!.GetValue<long>(),
            Text("reason"));
        return key.Sign(BallotTypedData.Of(signed, chainId).Digest()).ToString();
    }

    private Task RefusedAsync(string code, JsonObject ballot, PrivateKey? key = null, long? chainId = null) =>
        RefusedAsync(code, ballot, SignatureOf(ballot, key ?? Cast.Vera.Key, chainId ?? vote.ChainId));

    private async Task RefusedAsync(string code, JsonObject ballot, string signature)
    {
        var before = await CountAsync();
        var answer = await CastAsync(ballot, signature);
        Assert.Null(answer["ballot"]);
        Assert.Equal(code, Assert.Single(answer["userErrors"]!.AsArray())!["code"]!.GetValue<string>());
        Assert.Equal(before, await CountAsync());
    }

    private async Task<JsonObject> CastAsync(JsonObject ballot, string signature)
    {
        var data = await vote.Public.QueryAsync(
            "mutation ($i: CastBallotInput!) { castBallot(input: $i) { ballot { logIndex } userErrors { code message } } }",
            new { i = new { clientMutationId = "test", ballot = ballot.DeepClone(), signature } },
            Cancellation);
        return data["castBallot"]!.AsObject();
    }

    private Task<long> CountAsync() => RunningService.CountEventsAsync(vote.Database, Cancellation);
}
