using System.Text.Json.Nodes;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Xunit;

namespace Grants.Service.Tests.Reinvestment;

/// <summary>
/// What people try in order to look as if they kept the policy, on the local L2 with its real venues; what becomes of it; and what
/// people decide about it.
/// </summary>
public sealed class TrickJourney(LocalServers servers)
{
    private static readonly Person Honest = Person.Called("Hana, who stakes");
    private static readonly Person Flash = Person.Called("Finn, who deposits for a moment");
    private static readonly Person Rebuyer = Person.Called("Rea, who sells and buys back");
    private static readonly Person Bridger = Person.Called("Ben, who bridges out");
    private static readonly Person Hider = Person.Called("Hugo, who pays a fresh wallet");
    private static readonly Person Washer = Person.Called("Wanda, who moves tokens in circles");
    private static readonly Person Lucky = Person.Called("Lea, whose sale was reorged away");
    private static readonly Person Early = Person.Called("Eva, who stakes where nothing is listed yet");
    private static readonly Person Depositor = Person.Called("Dora, who pays an exchange's deposit address");
    private static readonly Person DepositAddress = Person.Called("Dora's deposit address");
    private static readonly Person Fresh = Person.Called("Hugo's fresh wallet");

    private static readonly UInt256 Quarter = Scene.Tokens(1_000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task no_trick_keeps_the_policy_and_people_decide_what_follows()
    {
        await using var world = await PolicyWorld.StartAsync(servers);
        await AdoptAsync(world);
        await world.GrantAsync([Honest, Flash, Rebuyer, Bridger, Hider, Washer, Lucky, Early, Depositor]);
        await DepositAsync(world, Honest, Quarter);
        await PlayTricksAsync(world);
        await ReorgAsync(world);

        await world.UntilBreachAsync(Rebuyer, "not-dumped", "OPEN"); // what was sold stays sold, whatever is bought
        await world.UntilBreachAsync(Hider, "not-dumped", "OPEN"); // what a fresh wallet of his sells, he has sold
        await world.UntilBreachAsync(Depositor, "not-dumped", "OPEN"); // who forwards all to an exchange is the exchange
        var breach = await world.UntilBreachAsync(Bridger, "not-dumped", "OPEN");
        Assert.Empty(await world.BreachesAsync(Washer)); // tokens that come back in circles were never gone
        Assert.Empty(await world.BreachesAsync(Lucky)); // no evidence, no breach
        await LabelAsync(world);
        await LearnAsync(world);

        await world.TravelToDayAsync(52);
        await world.UntilBreachAsync(Flash, "at-work", "OPEN"); // a moment in the vault is no time
        await AppealAsync(world, breach["breachId"]!.GetValue<string>());
        Assert.DoesNotContain("at-work OPEN", await world.BreachesAsync(Honest));
        Assert.False(await world.IsHeldAsync(Honest));
        await SimulateAsync(world);
    }

    /// <summary>A text with a mistake is refused with its line; a good one is in force for awards from then on.</summary>
    private static async Task AdoptAsync(PolicyWorld world)
    {
        var wrong = world.Policy(1).Replace("\"atMost\": 3000", "\"atMost\": 30000", StringComparison.Ordinal);
        var refusal = await Assert.ThrowsAsync<DemoException>(() => world.AdoptAsync(wrong));
        Assert.Contains("Line 6, rules[0].atMost", refusal.Message, StringComparison.Ordinal);
        var skipped = await Assert.ThrowsAsync<DemoException>(() => world.AdoptAsync(world.Policy(2)));
        Assert.Contains("POLICY_VERSION_TAKEN", skipped.Message, StringComparison.Ordinal);
        var adopted = await world.AdoptAsync(world.Policy(1));
        var read = await world.Stage.Public.QueryAsync(
            "query ($p: String!) { policyText(policy: $p) { policyHash problems { line } } }", new { p = world.Policy(1) }, Cancellation);
        var hash = adopted["policyHash"]!.GetValue<string>();
        Assert.Equal(hash, read["policyText"]!["policyHash"]!.GetValue<string>());
        await ReadBackAsync(world, hash);
    }

    /// <summary>Whoever has an award's policy hash reads what it says, and comes to the same hash.</summary>
    private static async Task ReadBackAsync(PolicyWorld world, string hash)
    {
        var data = await world.Stage.Public.QueryAsync(
            """
            query ($p: String!, $h: Bytes32!) {
              known: policy(programId: $p, policyHash: $h) { text adoption { adoptedBy } }
              inForce: policy(programId: $p) { policyHash version }
              none: policy(programId: "nothing") { version }
            }
            """,
            new { p = PolicyWorld.ProgramId, h = hash },
            Cancellation);
        Assert.Equal(Cast.Manager.Address.ToString(), data["known"]!["adoption"]!["adoptedBy"]!.GetValue<string>());
        Assert.Equal(hash, data["inForce"]!["policyHash"]!.GetValue<string>());
        Assert.Null(data["none"]);
        var text = data["known"]!["text"]!.GetValue<string>();
        var read = await world.Stage.Public.QueryAsync(
            "query ($t: String!) { policyText(policy: $t) { policyHash } }", new { t = text }, Cancellation);
        Assert.Equal(hash, read["policyText"]!["policyHash"]!.GetValue<string>());
    }

    private static async Task PlayTricksAsync(PolicyWorld world)
    {
        var (chain, scene) = (world.Chain, world.Scene);
        await DepositAsync(world, Flash, Quarter);
        var shares = await chain.ReadAsync(scene.Staking, Erc20.BalanceOf, Cancellation, Flash.Address);
        await chain.CallAsync(Flash.Key, scene.Staking, Redeem, Cancellation, shares, Flash.Address, Flash.Address);

        await SwapAsync(world, Rebuyer, scene.Token, scene.Dollar, Scene.Tokens(500));
        var dollars = await chain.ReadAsync(scene.Dollar, Erc20.BalanceOf, Cancellation, Rebuyer.Address);
        await SwapAsync(world, Rebuyer, scene.Dollar, scene.Token, dollars);

        await ApproveAsync(world, Bridger, scene.Token, scene.Bridge);
        await chain.CallAsync(
            Bridger.Key, scene.Bridge, StandardBridge.Withdraw, Cancellation,
            scene.Token, Scene.Tokens(900), (UInt256)200_000UL, Array.Empty<byte>());

        await PayAsync(world, Hider, Fresh.Address, Scene.Tokens(900));
        await chain.FundAsync(Fresh.Address, Cancellation);
        await SwapAsync(world, Fresh, scene.Token, scene.Dollar, Scene.Tokens(900));

        await chain.FundAsync(DepositAddress.Address, Cancellation);
        await PayAsync(world, Cast.Deployer, DepositAddress.Address, Scene.Tokens(1)); // not new: it has other customers
        await PayAsync(world, Depositor, DepositAddress.Address, Scene.Tokens(900));
        await PayAsync(world, DepositAddress, PolicyWorld.Exchange.Address, Scene.Tokens(900));

        // In and out of her own wallet, three times: each is a transfer, none moves anything.
        for (var i = 0; i < 3; i++)
            await chain.CallAsync(Washer.Key, scene.Token, Erc20.TransferCall, Cancellation, Washer.Address, Quarter);
        await world.UntilFlowsAsync(Flash, "OPEN", "CLOSE");
        await world.UntilFlowsAsync(Rebuyer, "SALE", "OWN_IN");
        await world.UntilFlowsAsync(Bridger, "BRIDGE_OUT");
        await world.UntilFlowsAsync(Hider, "INTERNAL", "SALE");
        await world.UntilFlowsAsync(Depositor, "EXCHANGE_OUT");
        await world.UntilFlowsAsync(Washer, "INTERNAL", "INTERNAL", "INTERNAL");
    }

    // The exchange's router is nobody whom the policy knows, the vault is.
    private static async Task MayTakeAsync(PolicyWorld world)
    {
        var data = await world.Stage.Public.QueryAsync(
            "query ($a: Bytes32!) { reinvestment(awardId: $a) { approvals { owner spender amount } } }",
            new { a = world.AwardOf(Lucky) },
            Cancellation);
        var approval = Assert.Single(data["reinvestment"]!["approvals"]!.AsArray())!;
        Assert.Equal(
            (Lucky.Address.ToString(), world.Scene.Router.ToString()),
            (approval["owner"]!.GetValue<string>(), approval["spender"]!.GetValue<string>()));
    }

    /// <summary>A sale on a block that was replaced before it was final.</summary>
    private static async Task ReorgAsync(PolicyWorld world)
    {
        await ApproveAsync(world, Lucky, world.Scene.Token, world.Scene.Router);
        await world.Chain.MineAsync(4, Cancellation);
        await world.Chain.CallAsync(
            Lucky.Key, world.Scene.Router, Scene.Swap, Cancellation,
            Quarter, UInt256.Zero, (object[])[world.Scene.Token, world.Scene.Dollar], Lucky.Address, UInt256.MaxValue);
        await world.Chain.ReorgAsync(1, Cancellation);
        await DepositAsync(world, Lucky, Quarter);
        await world.UntilFlowsAsync(Lucky, "OPEN");
        await MayTakeAsync(world);

        // A cure that is replaced before it is final has cured nothing: what she returned is hers again.
        await world.UntilBreachAsync(Rebuyer, "not-dumped", "OPEN");
        await world.Chain.MineAsync(4, Cancellation);
        await world.Chain.CallAsync(
            Rebuyer.Key, world.Scene.Token, Erc20.TransferCall, Cancellation, world.Scene.Treasury, Scene.Tokens(300));
        await world.Chain.ReorgAsync(1, Cancellation);
        var until = await world.Chain.Node.BlockNumberAsync(Cancellation);
        await world.Stage.UntilAsync(
            "the block in its place is final",
            async () => (await world.Stage.Public.QueryAsync("{ chains { promoted { number } } }", null, Cancellation))["chains"]![0],
            chain => chain["promoted"]!["number"]!.GetValue<long>() > until,
            Cancellation);
        Assert.Equal(["SALE", "OWN_IN"], await world.FlowsAsync(Rebuyer));
        Assert.Equal(["not-dumped OPEN"], await world.BreachesAsync(Rebuyer));
    }

    /// <summary>Hugo says in time what his transfer was; others cannot say it for him, and it changes nothing by itself.</summary>
    private static async Task LabelAsync(PolicyWorld world)
    {
        var hider = await world.Stage.SignInAsync(Hider, Cancellation);
        var award = world.AwardOf(Hider);
        var flows = await hider.QueryAsync(
            "query ($a: Bytes32!) { flows(awardId: $a, first: 9) { edges { node { id kind } } } }", new { a = award }, Cancellation);
        var flowId = flows["flows"]!["edges"]!.AsArray().Select(edge => edge!["node"]!)
            .Single(flow => flow["kind"]!.GetValue<string>() == "INTERNAL")["id"]!.GetValue<string>();
        var data = await hider.QueryAsync(
            "query ($a: Bytes32!, $f: String!) { t: flowLabelTypedData(awardId: $a, flowId: $f, claim: OWN_WALLET, note: \"Mine.\") }",
            new { a = award, f = flowId },
            Cancellation);
        var digest = TypedData.FromJson(data["t"]!.GetValue<string>()).Digest();
        JsonObject Signed(Person signer, Person key) => new()
        {
            ["awardId"] = award,
            ["flowId"] = flowId,
            ["claim"] = "OWN_WALLET",
            ["note"] = "Mine.",
            ["signer"] = signer.Address.ToString(),
            ["signature"] = key.Key.Sign(digest).ToString(),
        };
        await RefusedAsync("NOT_A_WALLET", hider.MutateAsync("labelFlow", "flowLabels", "claim", Signed(Fresh, Fresh), Cancellation));
        await RefusedAsync("INVALID_SIGNATURE", hider.MutateAsync("labelFlow", "flowLabels", "claim", Signed(Hider, Fresh), Cancellation));
        var labels = await hider.MutateAsync("labelFlow", "flowLabels", "claim counterparty", Signed(Hider, Hider), Cancellation);
        Assert.Equal(Fresh.Address.ToString(), Assert.Single(labels.AsArray())!["counterparty"]!.GetValue<string>());
        Assert.Equal(["INTERNAL", "SALE"], await world.FlowsAsync(Hider));
        var joined = await hider.QueryAsync(
            "query ($a: Bytes32!) { reinvestment(awardId: $a) { joinedWallets } }", new { a = award }, Cancellation);
        Assert.Equal(Fresh.Address.ToString(), Assert.Single(joined["reinvestment"]!["joinedWallets"]!.AsArray())!.GetValue<string>());
    }

    /// <summary>
    /// What is listed later is told back to its block: a deposit that went to somebody unknown was one all along, and the breach is
    /// cured; what went to an exchange stays gone. Nobody else's flows change.
    /// </summary>
    private static async Task LearnAsync(PolicyWorld world)
    {
        var (chain, from) = (world.Chain, await world.Chain.Node.BlockNumberAsync(Cancellation));
        var code = Artifacts.Own("StakingVault", "address,string,string", world.Scene.Token, "Other stake", "oMETIS");
        var vault = (await chain.SendAsync(Cast.Deployer.Key, null, code, Cancellation)).ContractAddress!.Value;
        await ApproveAsync(world, Early, world.Scene.Token, vault);
        await chain.CallAsync(Early.Key, vault, Erc4626.DepositCall, Cancellation, Scene.Tokens(900), Early.Address);
        await world.UntilFlowsAsync(Early, "UNKNOWN");
        Assert.Empty(await world.BreachesAsync(Early));
        await world.TravelToDayAsync(34); // it is followed no longer
        await world.UntilBreachAsync(Early, "not-dumped", "OPEN");

        JsonObject Venue(long block) => new()
        {
            ["address"] = vault.ToString(), ["kind"] = "VAULT", ["fromBlock"] = block, ["reason"] = "It was audited.",
        };
        var early = await world.Stage.SignInAsync(Early, Cancellation);
        const string Fields = "version address counts";
        await RefusedAsync("FORBIDDEN", early.MutateAsync("listVenue", "watchList", Fields, Venue(from), Cancellation));
        await RefusedAsync("INVALID_VALUE", world.Manager.MutateAsync("listVenue", "watchList", Fields, Venue(from + 9_999), Cancellation));
        // The verdicts below are the same whether the raw logs of before are still here or are read again.
        await world.Chain.MineAsync(12, Cancellation);
        Assert.True(await world.LetGoOfLogsAsync() > 0);
        await world.Manager.MutateAsync("listVenue", "watchList", Fields, Venue(from), Cancellation);
        var label = new JsonObject
        {
            ["address"] = Fresh.Address.ToString(),
            ["kind"] = "EXCHANGE",
            ["source"] = "The exchange's own list.",
            ["confidence"] = 9_900,
            ["fromBlock"] = 0,
        };
        var list = await world.Manager.MutateAsync("labelAddress", "watchList", Fields, label, Cancellation);
        Assert.Equal([1, 2], list.AsArray().Select(line => line!["version"]!.GetValue<int>()));

        await world.UntilFlowsAsync(Early, "OPEN");
        await world.UntilFlowsAsync(Hider, "EXCHANGE_OUT");
        await world.UntilBreachAsync(Early, "not-dumped", "CURED");
        Assert.False(await world.IsHeldAsync(Early));
        Assert.Equal(["not-dumped OPEN"], await world.BreachesAsync(Hider));
        var told = await world.Stage.Public.QueryAsync(
            "query ($e: Bytes32!, $b: Bytes32!) { "
            + "eva: reclassifications(awardId: $e, first: 9) { edges { node { before after listVersion } } } "
            + "ben: reclassifications(awardId: $b, first: 9) { edges { node { before } } } }",
            new { e = world.AwardOf(Early), b = world.AwardOf(Bridger) },
            Cancellation);
        var changed = Assert.Single(told["eva"]!["edges"]!.AsArray())!["node"]!;
        Assert.Equal(("UNKNOWN", "OPEN"), (changed["before"]!.GetValue<string>(), changed["after"]!.GetValue<string>()));
        Assert.Empty(told["ben"]!["edges"]!.AsArray());
    }

    /// <summary>A confirmed breach waits for its signer, then the rest goes back; an open one is appealed and dismissed.</summary>
    private static async Task AppealAsync(PolicyWorld world, string breachId)
    {
        var bridger = await world.Stage.SignInAsync(Bridger, Cancellation);
        var hider = await world.Stage.SignInAsync(Hider, Cancellation);
        JsonObject Reason(string reason) => new() { ["breachId"] = breachId, ["reason"] = reason };
        await RefusedAsync("NOT_FOUND", hider.MutateAsync("appealBreach", "breach", "status", Reason("It was him."), Cancellation));
        await RefusedAsync(
            "BREACH_NOT_OPEN", bridger.MutateAsync("appealBreach", "breach", "status", Reason("Too late."), Cancellation));

        var data = await world.Manager.QueryAsync(
            "query ($b: String!) { breach(breachId: $b) { id status confirmedAt evidence { evidence { transactionHash } } } "
            + "sanctionTypedData(breachId: $b, kind: CLAW_BACK_UNRELEASED) }",
            new { b = breachId },
            Cancellation);
        Assert.Equal("CONFIRMED", data["breach"]!["status"]!.GetValue<string>());
        Assert.Single(data["breach"]!["evidence"]!.AsArray());
        await AskByRolesAsync(world, breachId, bridger, hider);
        var found = await world.Manager.QueryAsync(
            "query ($i: ID!) { node(id: $i) { ... on Breach { breachId } } }",
            new { i = data["breach"]!["id"]!.GetValue<string>() },
            Cancellation);
        Assert.Equal(breachId, found["node"]!["breachId"]!.GetValue<string>());
        var digest = TypedData.FromJson(data["sanctionTypedData"]!.GetValue<string>()).Digest();
        JsonObject Signed(Person signer) => new()
        {
            ["breachId"] = breachId,
            ["kind"] = "CLAW_BACK_UNRELEASED",
            ["reason"] = "The tokens are on L1.",
            ["signature"] = signer.Key.Sign(digest).ToString(),
        };
        await RefusedAsync("NOT_A_SIGNER", bridger.MutateAsync("signSanction", "breach", "status", Signed(Bridger), Cancellation));
        await RefusedAsync(
            "INVALID_SIGNATURE", world.Manager.MutateAsync("signSanction", "breach", "status", Signed(Bridger), Cancellation));
        var signed = await world.Manager.MutateAsync(
            "signSanction", "breach", "explanation sanctions { kind signedBy }", Signed(Cast.Manager), Cancellation);
        Assert.Equal("CLAW_BACK_UNRELEASED", Assert.Single(signed["sanctions"]!.AsArray())!["kind"]!.GetValue<string>());
        Assert.Contains("It was not cured by", signed["explanation"]!.GetValue<string>(), StringComparison.Ordinal);
        await world.UntilAwardAsync(Bridger, award => award["clawback"]?["settledAt"] is not null);

        // Finn is in time.
        var idle = await world.UntilBreachAsync(Flash, "at-work", "OPEN");
        var flash = await world.Stage.SignInAsync(Flash, Cancellation);
        breachId = idle["breachId"]!.GetValue<string>();
        await flash.MutateAsync("appealBreach", "breach", "status", Reason("The vault was paused."), Cancellation);
        JsonObject Decision() => new() { ["breachId"] = breachId, ["isUpheld"] = true, ["reason"] = "It was indeed." };
        await RefusedAsync("FORBIDDEN", flash.MutateAsync("decideAppeal", "breach", "status", Decision(), Cancellation));
        var decided = await world.Manager.MutateAsync("decideAppeal", "breach", "status appeal { isUpheld }", Decision(), Cancellation);
        Assert.Equal("DISMISSED", decided["status"]!.GetValue<string>());
        Assert.False(await world.IsHeldAsync(Flash));
    }

    /// <summary>What is for the recipient of an award is asked as that one, and as everybody else.</summary>
    private static async Task AskByRolesAsync(PolicyWorld world, string breachId, ApiClient bridger, ApiClient hider)
    {
        var mine = RoleTable.Rows().Where(row => row.Who == "recipient").ToList();
        Assert.NotEmpty(mine);
        var wrong = await RoleTable.WrongAsync(
            await SchemaShape.ReadAsync(world.Stage.Public, Cancellation),
            world.Http,
            mine,
            [
                (["applicant", "recipient"], bridger),
                ([], hider), // of another award
                ([], await world.Stage.SignInAsync(Person.Called("a stranger to the award"), Cancellation)),
                (["program manager", "guardian"], world.Manager),
            ],
            new Dictionary<string, string> { ["awardId"] = world.AwardOf(Bridger), ["breachId"] = breachId },
            ["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"],
            isThere: true,
            Cancellation);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>A draft that allows more is tried on the same history, and the series add up.</summary>
    private static async Task SimulateAsync(PolicyWorld world)
    {
        var draft = world.Policy(2).Replace("\"atMost\": 3000", "\"atMost\": 9500", StringComparison.Ordinal);
        var data = await world.Stage.Public.QueryAsync(
            "query ($p: String!, $d: String!) { simulatePolicy(programId: $p, policy: $d) { awardId differs "
            + "draft { clawedBackAt steps { what why } } inForce { clawedBackAt gatedAt } } }",
            new { p = PolicyWorld.ProgramId, d = draft },
            Cancellation);
        var awards = data["simulatePolicy"]!.AsArray().ToDictionary(award => award!["awardId"]!.GetValue<string>(), award => award!);
        Assert.Equal(9, awards.Count);
        var bridged = awards[world.AwardOf(Bridger)];
        Assert.True(bridged["differs"]!.GetValue<bool>());
        Assert.Null(bridged["draft"]!["clawedBackAt"]);
        Assert.NotNull(bridged["inForce"]!["clawedBackAt"]);
        Assert.False(awards[world.AwardOf(Honest)]["differs"]!.GetValue<bool>());

        var now = await world.Chain.NowAsync(Cancellation);
        var series = await world.Stage.Public.QueryAsync(
            "query ($p: String!, $f: Long!, $u: Long!) { ecosystem(programId: $p, from: $f, until: $u, everySeconds: 86400) "
            + "{ released held staked inPools lent sold bridged sentToExchanges unknown followed spent returned lost } }",
            new { p = PolicyWorld.ProgramId, f = now - (30 * 86_400), u = now },
            Cancellation);
        var points = series["ecosystem"]!.AsArray();
        Assert.Equal(31, points.Count);
        var last = points[^1]!.AsObject().ToDictionary(part => part.Key, part => UInt256.Parse(part.Value!.GetValue<string>()));
        Assert.Equal(Scene.Tokens(900), last["bridged"]);
        Assert.Equal(
            last["released"], last.Where(part => part.Key != "released").Aggregate(UInt256.Zero, (sum, part) => sum + part.Value));
    }

    private static Ethereum.Abi.AbiFunction Redeem { get; } = Ethereum.Abi.AbiFunction.Parse(
        "function redeem(uint256 shares, address receiver, address owner) returns (uint256 assets)");

    private static Task<Ethereum.JsonRpc.RpcReceipt> PayAsync(PolicyWorld world, Person from, Address to, UInt256 amount) =>
        world.Chain.CallAsync(from.Key, world.Scene.Token, Erc20.TransferCall, Cancellation, to, amount);

    private static async Task DepositAsync(PolicyWorld world, Person person, UInt256 amount)
    {
        await ApproveAsync(world, person, world.Scene.Token, world.Scene.Staking);
        await world.Chain.CallAsync(person.Key, world.Scene.Staking, Erc4626.DepositCall, Cancellation, amount, person.Address);
    }

    private static async Task SwapAsync(PolicyWorld world, Person person, Address from, Address to, UInt256 amount)
    {
        await ApproveAsync(world, person, from, world.Scene.Router);
        await world.Chain.CallAsync(
            person.Key, world.Scene.Router, Scene.Swap, Cancellation,
            amount, UInt256.Zero, (object[])[from, to], person.Address, UInt256.MaxValue);
    }

    private static Task<Ethereum.JsonRpc.RpcReceipt> ApproveAsync(PolicyWorld world, Person person, Address token, Address spender) =>
        world.Chain.CallAsync(person.Key, token, Erc20.Approve, Cancellation, spender, UInt256.MaxValue);

    private static async Task RefusedAsync(string code, Task<JsonNode> mutation) =>
        Assert.Contains(code, (await Assert.ThrowsAsync<DemoException>(() => mutation)).Message, StringComparison.Ordinal);
}
