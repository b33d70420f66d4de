using System.Text.Json.Nodes;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Transports;

/// <summary>What people do in a vote, over HTTP.</summary>
internal static class VoteOnline
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Casts the voter's next ballot.</summary>
    /// <returns>Its place in the log.</returns>
    public static async Task<long> CastAsync(this OpenVote vote, string voteId, Person voter, string choice, string reason = "")
    {
        var asked = await vote.Public.QueryAsync(
            """
            query ($v: Bytes32!, $a: Address!, $c: String!, $r: String!) {
              ballotTypedData(voteId: $v, voter: $a, choice: $c, reason: $r)
            }
            """,
            new { v = voteId, a = voter.Address.ToString(), c = choice, r = reason },
            Cancellation);
        var typed = TypedData.FromJson(asked["ballotTypedData"]!.GetValue<string>());
        var ballot = JsonNode.Parse(typed.ToJson())!["message"]!.DeepClone().AsObject();
        ballot["nonce"] = ballot["nonce"]!.ToString();
        ballot["expiresAt"] = long.Parse(ballot["expiresAt"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
        var cast = await vote.Public.MutateAsync(
            "castBallot",
            "ballot",
            "logIndex",
            new() { ["ballot"] = ballot, ["signature"] = voter.Key.Sign(typed.Digest()).ToString() },
            Cancellation);
        return cast["logIndex"]!.GetValue<long>();
    }

    /// <summary>Opens a vote on a proposal of somebody who has no other: an applicant has one open at a time.</summary>
    /// <returns>Its id, which is the vote's too, and its applicant.</returns>
    public static async Task<(string Id, ApiClient Applicant)> OpenAsync(this OpenVote vote)
    {
        var person = Person.Called($"applicant {vote.NextNonce()}");
        var applicant = await vote.SignInAsync(person);
        var draft = await applicant.MutateAsync("draftProposal", "proposal", "proposalId", DraftOf(person), Cancellation);
        var id = draft["proposalId"]!.GetValue<string>();
        await applicant.MutateAsync("submitProposal", "proposal", "state", new() { ["proposalId"] = id }, Cancellation);
        await vote.Manager.MutateAsync("openVoting", "proposal", "state", new() { ["proposalId"] = id }, Cancellation);
        return (id, applicant);
    }

    /// <summary>A draft that pays its applicant.</summary>
    public static JsonObject DraftOf(Person applicant)
    {
        var input = OpenVote.DraftInput(OpenVote.ProgramId);
        input["recipient"] = applicant.Address.ToString();
        return input;
    }

    /// <summary>Waits for the tally in which a choice has at least so much.</summary>
    /// <param name="choice">From 1.</param>
    public static async Task TallyAsync(this NodeClients clients, string operation, int choice, UInt256 least)
    {
        JsonNode tally;
        do
            tally = (await clients.DataAsync(operation))["tallyChanged"]!;
        while (UInt256.Parse(tally["scores"]![choice - 1]!["score"]!.GetValue<string>()) < least);
    }

    public static string CodeOf(JsonNode errors) => Assert.Single(errors.AsArray())!["extensions"]!["code"]!.GetValue<string>();
}
