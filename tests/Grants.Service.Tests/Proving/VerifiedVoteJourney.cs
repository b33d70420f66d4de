using System.Net;
using System.Text.Json.Nodes;
using Grants.Domain.Ballots;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Hosting;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Journeys;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Proving;

/// <summary>A vote on the service as it runs: receipts, proofs while it is open, and the export checked by the offline tool.</summary>
public sealed class VerifiedVoteJourney(LocalServers servers) : IDisposable
{
    private const int VotingPeriodSeconds = 60;

    private const string Receipt = "voteId voter choice nonce logIndex path treeHead { space size root timestamp signature }";

    private const string Proof =
        "voteId voter choice nonce power digest signature kind acceptedAt logIndex logSize leaf root path "
        + "treeHead { space size root timestamp signature }";

    private readonly string folder = Directory.CreateTempSubdirectory("grants-verified-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_vote_is_provable_while_it_is_open_and_verified_by_anybody_after_it()
    {
        var database = await servers.CreateDatabaseAsync("verified");
        await using var run = await RunningService.StartAsync(
            database, await servers.StartChainAsync(), Path.Combine(folder, "operator.key"), Cancellation);
        using var http = new HttpClient { BaseAddress = run.Url };
        var api = new ApiClient(http);
        var (scene, vote) = await OpenAsync(run, http);
        var log = (string)(await AskAsync(api, "{ ballotLog { address size } }", null))["ballotLog"]!["address"]!;
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(Export(vote), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync(Export("0x12"), Cancellation)).StatusCode);

        List<JsonNode> receipts =
        [
            await CastAsync(api, vote, Cast.Vera.Address, Cast.Vera.Key, "1"),
            await CastAsync(api, vote, Cast.Viktor.Address, Cast.Viktor.Key, "2"),
            await CastAsync(api, vote, scene.CouncilWallet, Cast.Council.Key, "1"),
            await CastAsync(api, vote, Cast.Viktor.Address, Cast.Viktor.Key, "1"),
        ];
        await CheckProofsAsync(api, receipts);
        await Eventually.TrueAsync(
            async () => (await http.GetAsync(Export(vote), Cancellation)).IsSuccessStatusCode, TimeSpan.FromMinutes(3), "the vote is over");

        var file = Path.Combine(folder, "vote.ndjson");
        await File.WriteAllBytesAsync(file, await http.GetByteArrayAsync(Export(vote), Cancellation), Cancellation);
        var arguments = receipts.SelectMany((receipt, i) => new[] { "--receipt", Save($"receipt-{i}.json", receipt) });
        var report = await OfflineTool.HoldsAsync(file, ["--log-address", log, .. arguments]);
        Assert.Equal((4, 3, 4), ((int)report["ballots"]!, (int)report["voters"]!, (int)report["receipts"]!));
        Assert.Equal(1, (int)report["vouchedByContract"]!["ballots"]!);
        Assert.True((bool)report["outcome"]!["approved"]!);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Export(string vote) => $"votes/{vote}/export.ndjson";

    private string Save(string name, JsonNode json)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, json.ToJsonString());
        return file;
    }

    // Under every head that anybody was given, at a time when the vote goes on.
    private static async Task CheckProofsAsync(ApiClient api, List<JsonNode> receipts)
    {
        foreach (var receipt in receipts.Skip(1))
        {
            var heads = receipts.Select(other => other["treeHead"]!).Where(head => (long)head["size"]! > (long)receipt["logIndex"]!);
            foreach (var head in heads)
            {
                var asked = await AskAsync(
                    api,
                    "query ($i: Long!, $s: Long!) { logLeafProof(logIndex: $i, logSize: $s) { leaf root path logSize } }",
                    new { i = (long)receipt["logIndex"]!, s = (long)head["size"]! });
                var proof = asked["logLeafProof"]!;
                Assert.Equal((string)head["root"]!, (string)proof["root"]!);
                Assert.True(BallotLog.Verify(
                    Hash(proof["leaf"]!), (long)receipt["logIndex"]!, (long)head["size"]!, PathOf(proof), Hash(head["root"]!)));
            }
        }

        await CheckBallotAsync(api, receipts[^1]);
        var (older, newer) = (receipts[0]["treeHead"]!, receipts[^1]["treeHead"]!);
        var growth = (await AskAsync(
            api,
            "query ($f: Long!, $t: Long!) { logConsistency(from: $f, to: $t) { path fromTreeHead { root } toTreeHead { root } } }",
            new { f = (long)older["size"]!, t = (long)newer["size"]! }))["logConsistency"]!;
        Assert.True(BallotLog.VerifyConsistency(
            (long)older["size"]!,
            (long)newer["size"]!,
            PathOf(growth),
            Hash(growth["fromTreeHead"]!["root"]!),
            Hash(growth["toTreeHead"]!["root"]!)));
        Assert.Equal((string)older["root"]!, (string)growth["fromTreeHead"]!["root"]!);
        var listed = await AskAsync(
            api, "{ treeHeads(first: 3) { edges { node { size root } } pageInfo { hasNextPage } } }", null);
        var page = listed["treeHeads"]!;
        Assert.Equal([1L, 2L, 3L], page["edges"]!.AsArray().Select(edge => (long)edge!["node"]!["size"]!));
        Assert.True((bool)page["pageInfo"]!["hasNextPage"]!);
    }

    // The leaf is recomputed from what the proof says of the ballot; the head is signed by the published key.
    private static async Task CheckBallotAsync(ApiClient api, JsonNode receipt)
    {
        var data = await AskAsync(
            api,
            $$"""query ($v: Bytes32!, $a: Address!) { ballotProof(voteId: $v, voter: $a) { {{Proof}} } ballotLog { address root } }""",
            new { v = (string)receipt["voteId"]!, a = (string)receipt["voter"]! });
        var proof = data["ballotProof"]!;
        string Text(string name) => (string)proof[name]!;
        var ballot = new SignedBallot(
            "", Hash(proof["voteId"]!), default, Address.Parse(Text("voter")), Text("choice"), UInt256.Parse(Text("nonce")), 0, "");
        var record = new BallotRecord(
            (long)proof["logIndex"]!,
            ballot,
            UInt256.Parse(Text("power")),
            Text("signature"),
            SignatureKind.Ecdsa,
            Hash(proof["digest"]!),
            DateTimeOffset.FromUnixTimeMilliseconds((long)proof["acceptedAt"]!));
        Assert.Equal(Hash(proof["leaf"]!), BallotLog.Leaf(record));
        Assert.Equal("ECDSA", Text("kind"));
        Assert.Equal(Text("root"), (string)data["ballotLog"]!["root"]!);
        Assert.True(BallotLog.Verify(BallotLog.Leaf(record), record.Index, (long)proof["logSize"]!, PathOf(proof), Hash(proof["root"]!)));
    }

    private static Hash32 Hash(JsonNode text) => Hash32.Parse((string)text!);

    private static List<Hash32> PathOf(JsonNode proof) => [.. proof["path"]!.AsArray().Select(hash => Hash(hash!))];

    private static async Task<(Scene Scene, string Vote)> OpenAsync(ServiceRun run, HttpClient http)
    {
        var services = run.App.Services;
        var chain = new Devnet(services.GetRequiredService<EthereumRpc>(), services.GetRequiredService<ChainIdentity>().ChainId);
        var scene = await Scene.BuildAsync(chain, Person.Called("nobody's operator").Address, Scene.Tokens(100_000), Cancellation);
        await chain.MineAsync(4, Cancellation);
        var (manager, ada) = (new ApiClient(http), new ApiClient(http));
        await manager.SignInAsync(Cast.Manager.Key, Cancellation);
        await ada.SignInAsync(Cast.Ada.Key, Cancellation);
        var program = VotingActs.ProgramInput(scene, "verified", Scene.Tokens(100_000), VotingPeriodSeconds);
        await UntilAsync(() => manager.MutateAsync("openProgram", "program", "programId", Copy(program), Cancellation));
        var draft = await ada.MutateAsync("draftProposal", "proposal", "proposalId", OpenVote.DraftInput("verified"), Cancellation);
        var id = (string)draft["proposalId"]!;
        await ada.MutateAsync("submitProposal", "proposal", "state", new() { ["proposalId"] = id }, Cancellation);
        await UntilAsync(() => manager.MutateAsync("openVoting", "proposal", "state", new() { ["proposalId"] = id }, Cancellation));
        return (scene, id);
    }

    private static JsonObject Copy(JsonObject json) => json.DeepClone().AsObject();

    // On a busy machine an answer may come too late for the service; everything here may be asked again.
    private static async Task<T> UntilAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        T? answer = null;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    answer = await ask();
                    return true;
                }
                catch (DemoException)
                {
                    return false;
                }
            },
            TimeSpan.FromMinutes(2),
            "the service answers");
        return answer!;
    }

    private static Task<JsonObject> AskAsync(ApiClient api, string query, object? variables) =>
        UntilAsync(() => api.QueryAsync(query, variables, Cancellation));

    private static async Task<JsonNode> CastAsync(ApiClient api, string vote, Address voter, PrivateKey signer, string choice)
    {
        var asked = await AskAsync(
            api,
            "query ($v: Bytes32!, $a: Address!, $c: String!) { ballotTypedData(voteId: $v, voter: $a, choice: $c) }",
            new { v = vote, a = voter.ToString(), c = choice });
        var typed = TypedData.FromJson((string)asked["ballotTypedData"]!);
        var ballot = JsonNode.Parse(typed.ToJson())!["message"]!.DeepClone().AsObject();
        ballot["nonce"] = ballot["nonce"]!.ToString();
        ballot["expiresAt"] = long.Parse(ballot["expiresAt"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
        var input = new JsonObject { ["ballot"] = ballot, ["signature"] = signer.Sign(typed.Digest()).ToString() };
        return await UntilAsync(() => api.MutateAsync("castBallot", "ballot", Receipt, Copy(input), Cancellation));
    }
}
