using System.Text.Json.Nodes;
using Grants.Ethereum.Signing;
using Grants.Ethereum.TypedData;
using Grants.Primitives;

namespace Grants.Service.Demo;

/// <summary>Steps 1 to 3: a program opens, two people apply, the DAO votes.</summary>
public sealed class VotingActs(Stage stage, Scene scene, string programId)
{
    private const int VotingPeriodSeconds = 12;

    private ApiClient? manager;

    /// <summary>1. A program opens with a budget held by the vault, a voting rule, a vesting template and a policy.</summary>
    public async Task OpenProgramAsync(UInt256 budget, CancellationToken cancellation)
    {
        stage.Step(1, "A program opens");
        manager = await stage.SignInAsync(Cast.Manager, cancellation);
        await stage.UntilAsync(
            "the deployment is final",
            async () => (await stage.Public.QueryAsync("{ chain { finalized { number } } }", null, cancellation))["chain"],
            chain => chain["finalized"]!["number"]!.GetValue<long>() >= scene.FromBlock + 25,
            cancellation);
        var program = await manager.MutateAsync(
            "openProgram",
            "program",
            "budget policyHash",
            ProgramInput(scene, programId, budget, VotingPeriodSeconds),
            cancellation);
        stage.Say($"Program {programId}: the vault {scene.Vault} holds {Stage.Tokens(program["budget"]!.GetValue<string>())}.");
        stage.Say("Rules: quorum 3,000,000 METIS and three voters, two thirds for; four tranches over 120 days with a cliff of 30;");
        stage.Say("at most 30 % sold or sent away, at least 50 % at work over time after 20 days, 40 days to make good.");
        stage.Done($"Open, under policy {program["policyHash"]}");
    }

    /// <summary>2. Two applicants submit proposals, logged in with their wallets.</summary>
    public async Task<(Hash32 Ada, Hash32 Bo)> SubmitAsync(CancellationToken cancellation)
    {
        stage.Step(2, "Ada and Bo apply");
        var ada = await SubmitAsync(Cast.Ada, "A block explorer in Korean", "# Why\n\n누구나 읽을 수 있는 탐색기.", cancellation);
        var bo = await SubmitAsync(Cast.Bo, "A bridge aggregator", "# Why\n\nCheaper ways in and out.", cancellation);
        return (ada, bo);
    }

    /// <summary>3. Voters sign ballots; one changes their mind; a contract wallet votes; both proposals are approved.</summary>
    public async Task VoteAsync(Hash32 ada, Hash32 bo, CancellationToken cancellation)
    {
        stage.Step(3, "The DAO votes");
        foreach (var proposal in new[] { ada, bo })
        {
            // Voting power is read from the finalized transfers of the token; they may still be on their way in.
            await OpenVotingAsync(proposal, cancellation);
            await CastAsync(proposal, Cast.Vera.Address, Cast.Vera.Key, "1", cancellation);
            await CastAsync(proposal, Cast.Viktor.Address, Cast.Viktor.Key, "2", cancellation);
        }

        await CastAsync(ada, Cast.Viktor.Address, Cast.Viktor.Key, "1", cancellation);
        await CastAsync(bo, Cast.Viktor.Address, Cast.Viktor.Key, "3", cancellation);
        stage.Say("Viktor changed his mind on both.");
        await CastAsync(ada, scene.CouncilWallet, Cast.Council.Key, "1", cancellation);
        await CastAsync(bo, scene.CouncilWallet, Cast.Council.Key, "2", cancellation);
        stage.Say($"The council's contract wallet {scene.CouncilWallet} voted (ERC-1271).");
        foreach (var (name, proposal) in new[] { ("Ada", ada), ("Bo", bo) })
            await AwaitApprovalAsync(name, proposal, cancellation);
    }

    private async Task<Hash32> SubmitAsync(Person person, string title, string body, CancellationToken cancellation)
    {
        var client = await stage.SignInAsync(person, cancellation);
        var draft = await client.MutateAsync("draftProposal", "proposal", "proposalId", new()
        {
            ["programId"] = programId,
            ["title"] = title,
            ["body"] = body,
            ["requestedAmount"] = Scene.Tokens(40_000).ToString(),
            ["recipient"] = person.Address.ToString(),
        }, cancellation);
        var proposalId = draft["proposalId"]!.GetValue<string>();
        var submitted = await client.MutateAsync(
            "submitProposal", "proposal", "state contentHash", new() { ["proposalId"] = proposalId }, cancellation);
        stage.Done($"{person.Name} submitted “{title}” for 40,000 METIS, content {submitted["contentHash"]}");
        return Hash32.Parse(proposalId);
    }

    private async Task OpenVotingAsync(Hash32 proposal, CancellationToken cancellation)
    {
        var opened = await stage.UntilAsync(
            "the vote opens",
            async () =>
            {
                try
                {
                    return await manager!.MutateAsync(
                        "openVoting",
                        "proposal",
                        "vote { snapshotBlock { number } totalPower powerRoot }",
                        new() { ["proposalId"] = proposal.ToString() },
                        cancellation);
                }
                catch (DemoException notYet) when (notYet.Message.Contains("POWER_NOT_INDEXED", StringComparison.Ordinal))
                {
                    return null;
                }
            },
            _ => true,
            cancellation);
        var vote = opened["vote"]!;
        var total = Stage.Tokens(vote["totalPower"]!.GetValue<string>());
        stage.Say($"Voting power at finalized block {vote["snapshotBlock"]!["number"]}: {total}.");
    }

    private async Task CastAsync(Hash32 proposal, Address voter, PrivateKey signer, string choice, CancellationToken cancellation)
    {
        var data = await stage.Public.QueryAsync(
            "query ($p: Bytes32!, $v: Address!, $c: String!) { ballotTypedData(voteId: $p, voter: $v, choice: $c) }",
            new { p = proposal.ToString(), v = voter.ToString(), c = choice },
            cancellation);
        var typedData = TypedData.FromJson(data["ballotTypedData"]!.GetValue<string>());
        var message = JsonNode.Parse(typedData.ToJson())!["message"]!.DeepClone().AsObject();
        message["nonce"] = message["nonce"]!.ToString();
        message["expiresAt"] = long.Parse(message["expiresAt"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
        await stage.Public.MutateAsync("castBallot", "ballot", "logIndex treeHead { size }", new()
        {
            ["ballot"] = message,
            ["signature"] = signer.Sign(typedData.Digest()).ToString(),
        }, cancellation);
        var tally = (await stage.Public.QueryAsync(
            "query ($v: Bytes32!) { tally(voteId: $v) { scores { label score } voters quorumMet } }",
            new { v = proposal.ToString() },
            cancellation))["tally"]!;
        var scores = tally["scores"]!.AsArray().Select(score => $"{score!["label"]} {Stage.Tokens(score["score"]!.GetValue<string>())}");
        stage.Say($"Tally: {string.Join(", ", scores)}; {tally["voters"]} voters.");
    }

    private async Task AwaitApprovalAsync(string name, Hash32 proposal, CancellationToken cancellation)
    {
        var decided = await stage.UntilAsync(
            $"{name}'s vote is closed",
            async () => (await stage.Public.QueryAsync(
                "query ($p: Bytes32!) { proposal(proposalId: $p) { state vote { outcome { voters reason } ballotCount ballotRoot } } }",
                new { p = proposal.ToString() },
                cancellation))["proposal"],
            shown => shown["vote"]!["outcome"] is not null,
            cancellation,
            mining: false);
        var vote = decided["vote"]!;
        if (decided["state"]!.GetValue<string>() != "APPROVED" || vote["outcome"]!["voters"]!.GetValue<int>() != 3)
            throw new DemoException($"{name}'s proposal should be approved by three voters: {decided.ToJsonString()}");
        stage.Done($"{name}'s proposal is approved; {vote["ballotCount"]} ballots, root {vote["ballotRoot"]}");
    }

    /// <summary>The input of <c>openProgram</c> for the story's contracts.</summary>
    public static JsonObject ProgramInput(Scene scene, string programId, UInt256 budget, int votingPeriodSeconds)
    {
        static JsonObject Venue(Address address, string kind) => new()
        {
            ["address"] = address.ToString(), ["kind"] = kind, ["weight"] = 10_000, ["cap"] = 10_000, ["minHoldSeconds"] = 0,
        };
        return new()
        {
            ["programId"] = programId,
            ["name"] = $"Builders: {programId}",
            ["token"] = scene.Token.ToString(),
            ["vault"] = scene.Vault.ToString(),
            ["budget"] = budget.ToString(),
            ["watchFromBlock"] = scene.FromBlock,
            ["votingRules"] = new JsonObject
            {
                ["system"] = "basic@1",
                ["quorums"] = new JsonArray
                {
                    new JsonObject
                    {
                        ["kind"] = "POWER", ["least"] = Scene.Tokens(3_000_000).ToString(), ["counting"] = "FOR_AND_ABSTAIN",
                    },
                    new JsonObject { ["kind"] = "VOTERS", ["least"] = "3" },
                },
                ["threshold"] = new JsonObject { ["kind"] = "SUPERMAJORITY", ["value"] = "6667" },
                ["votingPeriodSeconds"] = votingPeriodSeconds,
                ["power"] = new JsonObject
                {
                    ["strategies"] = new JsonArray
                    {
                        new JsonObject { ["kind"] = "ERC20_BALANCE", ["contract"] = scene.Token.ToString() },
                    },
                },
            },
            ["vesting"] = new JsonObject { ["cliffSeconds"] = 30 * 86_400, ["durationSeconds"] = 120 * 86_400, ["tranches"] = 4 },
            ["reinvestmentPolicy"] = new JsonObject
            {
                ["policyId"] = "put-it-to-work",
                ["version"] = 1,
                ["maxDisposal"] = 3_000,
                ["minTimeWeightedReinvestment"] = 5_000,
                ["graceSeconds"] = 20 * 86_400,
                ["curePeriodSeconds"] = 40 * 86_400,
                ["venues"] = new JsonArray { Venue(scene.Lock, "LOCK"), Venue(scene.Staking, "VAULT"), Venue(scene.Pair, "POOL") },
                ["labels"] = new JsonArray { new JsonObject { ["address"] = scene.Bridge.ToString(), ["kind"] = "BRIDGE" } },
            },
        };
    }
}
