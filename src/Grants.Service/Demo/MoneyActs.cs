using System.Text.Json.Nodes;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.TypedData;
using Grants.Primitives;

namespace Grants.Service.Demo;

/// <summary>Steps 4 to 8: two awards vest; one is put to work, the other is sold; the chain is watched and the vault acts.</summary>
public sealed class MoneyActs(Stage stage, Scene scene, Hash32 adaProposal, Hash32 boProposal)
{
    private const long Day = 86_400;

    private const string AwardFields =
        "awardId amount released clawedBack remaining startsAt heldTranche reservedAt { blockNumber } "
        + "releases { tranche amount releasedAt { blockNumber transactionHash } } clawback { amount settledAt { transactionHash } }";

    private long vestingStartsAt;
    private string adaAward = string.Empty;
    private string boAward = string.Empty;

    /// <summary>4. Two awards vest over months.</summary>
    public async Task VestAsync(CancellationToken cancellation)
    {
        stage.Step(4, "Two awards vest");
        static bool IsReserved(JsonNode award) => award["reservedAt"] is not null;
        var ada = await AwaitAwardAsync("the vault has reserved Ada's award", adaProposal, IsReserved, cancellation);
        var bo = await AwaitAwardAsync("the vault has reserved Bo's award", boProposal, IsReserved, cancellation);
        (adaAward, boAward) = (ada["awardId"]!.GetValue<string>(), bo["awardId"]!.GetValue<string>());
        vestingStartsAt = Math.Max(ada["startsAt"]!.GetValue<long>(), bo["startsAt"]!.GetValue<long>());
        stage.Done("Both awards of 40,000 METIS are reserved in the vault: 10,000 METIS every 30 days");
        await LinkAdasWalletAsync(cancellation);
        await TravelToDayAsync(31, cancellation);
    }

    /// <summary>5. The first tranche is released to both, on chain, through the vault.</summary>
    public async Task ReleaseFirstAsync(CancellationToken cancellation)
    {
        stage.Step(5, "The first tranche");
        foreach (var (person, proposal) in new[] { (Cast.Ada, adaProposal), (Cast.Bo, boProposal) })
        {
            var award = await AwaitAwardAsync($"{person.Name}'s first tranche is final", proposal, AtLeastReleased(1), cancellation);
            var release = award["releases"]![0]!;
            var balance = await stage.Chain.ReadAsync(scene.Token, Erc20.BalanceOf, cancellation, person.Address);
            if (balance != Scene.Tokens(10_000))
                throw new DemoException($"{person.Name} should hold 10,000 METIS and holds {balance} base units.");
            stage.Done($"{person.Name} was paid 10,000 METIS in {release["releasedAt"]!["transactionHash"]}");
        }
    }

    /// <summary>6. Ada stakes and provides liquidity. Bo sells on the DEX and bridges the rest out.</summary>
    public async Task MoveAsync(CancellationToken cancellation)
    {
        stage.Step(6, "Ada puts it to work, Bo does not");
        var (chain, forever) = (stage.Chain, UInt256.MaxValue);
        async Task ApproveAsync(Person person, Address spender) =>
            await chain.CallAsync(person.Key, scene.Token, Erc20.Approve, cancellation, spender, forever);

        await ApproveAsync(Cast.Ada, scene.Lock);
        await chain.CallAsync(
            Cast.Ada.Key, scene.Lock, Scene.LockFor, cancellation, Cast.Ada.Address, Scene.Tokens(4_000), Array.Empty<byte>());
        stage.Say("Ada locks 4,000 METIS with the sequencer.");
        await ApproveAsync(Cast.Ada, scene.Staking);
        await chain.CallAsync(Cast.Ada.Key, scene.Staking, Erc4626.DepositCall, cancellation, Scene.Tokens(3_000), Cast.Ada.Address);
        stage.Say("Ada stakes 3,000 METIS in the vault of sMETIS.");
        await chain.CallAsync(Cast.Ada.Key, scene.Token, Erc20.TransferCall, cancellation, Cast.AdaCold.Address, Scene.Tokens(2_000));
        await chain.CallAsync(
            Cast.Deployer.Key, scene.Dollar, Erc20.TransferCall, cancellation, Cast.AdaCold.Address, Scene.Tokens(2_000));
        await ApproveAsync(Cast.AdaCold, scene.Router);
        await chain.CallAsync(Cast.AdaCold.Key, scene.Dollar, Erc20.Approve, cancellation, scene.Router, forever);
        await chain.CallAsync(
            Cast.AdaCold.Key, scene.Router, Scene.AddLiquidity, cancellation,
            scene.Token, scene.Dollar, Scene.Tokens(2_000), Scene.Tokens(2_000), UInt256.Zero, UInt256.Zero, Cast.AdaCold.Address, forever);
        stage.Say("From her linked wallet Ada provides 2,000 METIS of liquidity.");

        await ApproveAsync(Cast.Bo, scene.Router);
        await chain.CallAsync(
            Cast.Bo.Key, scene.Router, Scene.Swap, cancellation,
            Scene.Tokens(6_000), UInt256.Zero, (object[])[scene.Token, scene.Dollar], Cast.Bo.Address, forever);
        stage.Say("Bo sells 6,000 METIS on the exchange.");
        await ApproveAsync(Cast.Bo, scene.Bridge);
        await chain.CallAsync(
            Cast.Bo.Key, scene.Bridge, StandardBridge.Withdraw, cancellation,
            scene.Token, Scene.Tokens(4_000), (UInt256)200_000UL, Array.Empty<byte>());
        stage.Say("Bo bridges the remaining 4,000 METIS out.");
        await ShowFlowsAsync("Ada", adaAward, ["LOCK", "POOL", "VAULT"], ["OPEN", "OPEN", "OPEN"], cancellation);
        await ShowFlowsAsync("Bo", boAward, [], ["BRIDGE_OUT", "SALE"], cancellation);
    }

    /// <summary>7. Ada's next tranche is released; Bo's is held, and what is left of his award goes back to the treasury.</summary>
    public async Task JudgeAsync(CancellationToken cancellation)
    {
        stage.Step(7, "The policy judges");
        var breach = await stage.UntilAsync(
            "Bo's breach opens", () => BreachAsync(boAward, cancellation), _ => true, cancellation);
        stage.Done($"Bo is in breach of {breach["rule"]}: {breach["why"]}");
        await TravelToDayAsync(61, cancellation);
        await AwaitAwardAsync("Ada's second tranche is final", adaProposal, AtLeastReleased(2), cancellation);
        stage.Done("Ada's second tranche of 10,000 METIS is released");
        await AwaitAwardAsync("Bo's second tranche is held", boProposal, award => award["heldTranche"]?.GetValue<int>() == 2, cancellation);
        stage.Done("Bo's second tranche is vested, and held");
        await TravelToDayAsync(75, cancellation);
        var bo = await AwaitAwardAsync(
            "Bo's rest is clawed back", boProposal, award => award["clawback"]?["settledAt"] is not null, cancellation);
        var returned = await stage.Chain.ReadAsync(scene.Token, Erc20.BalanceOf, cancellation, scene.Treasury);
        if (returned < Scene.Tokens(30_000) || bo["clawedBack"]!.GetValue<string>() != Scene.Tokens(30_000).ToString())
            throw new DemoException($"30,000 METIS should be back in the treasury; it holds {returned} base units.");
        var transaction = bo["clawback"]!["settledAt"]!["transactionHash"];
        stage.Done($"The cure period ran out: 30,000 METIS went back to the treasury in {transaction}");
        if (await BreachAsync(adaAward, cancellation) is not null)
            throw new DemoException("Ada should not be in breach of anything.");
    }

    /// <summary>8. A reorg removes a block with a deposit in it: nothing that was paid depended on it.</summary>
    public async Task ReorgAsync(CancellationToken cancellation)
    {
        stage.Step(8, "A reorg");
        var before = await CountFlowsAsync(adaAward, cancellation);
        var deposit = await stage.Chain.CallAsync(
            Cast.Ada.Key, scene.Staking, Erc4626.DepositCall, cancellation, Scene.Tokens(500), Cast.Ada.Address);
        var seen = await stage.UntilAsync(
            "the service has seen the block of the deposit",
            () => HeadAsync(cancellation),
            IsAt(deposit.BlockNumber),
            cancellation,
            mining: false);
        stage.Say($"Ada deposits 500 METIS in block {deposit.BlockNumber}; the service sees it and waits for finality.");
        await stage.Chain.ReorgAsync(1, cancellation);
        await stage.UntilAsync(
            "the service has noticed the reorg",
            () => HeadAsync(cancellation),
            head => head["hash"]!.GetValue<string>() != seen["hash"]!.GetValue<string>(),
            cancellation,
            mining: false);
        await stage.Chain.MineAsync(4, cancellation);
        await stage.UntilAsync("later blocks are promoted", () => PromotedAsync(cancellation), IsAt(deposit.BlockNumber + 1), cancellation);
        if (await CountFlowsAsync(adaAward, cancellation) != before)
            throw new DemoException("A deposit on an orphaned block was counted.");
        stage.Done("The block is gone, and with it the evidence; no flow, no payment and no judgement had rested on it");
    }

    private static Func<JsonNode, bool> AtLeastReleased(int tranche) =>
        award => award["releases"]!.AsArray().Count >= tranche && award["releases"]![tranche - 1]!["releasedAt"] is not null;

    private static Func<JsonNode, bool> IsAt(long number) => block => block["number"]!.GetValue<long>() >= number;

    private async Task LinkAdasWalletAsync(CancellationToken cancellation)
    {
        var client = await stage.SignInAsync(Cast.Ada, cancellation);
        await stage.UntilAsync(
            "Ada's award is monitored",
            async () => (await stage.Public.QueryAsync(
                "query ($a: Bytes32!) { reinvestment(awardId: $a) { wallets } }", new { a = adaAward }, cancellation))["reinvestment"],
            _ => true,
            cancellation);
        var data = await client.QueryAsync(
            "query ($a: Bytes32!, $w: Address!) { linkWalletTypedData(awardId: $a, wallet: $w) }",
            new { a = adaAward, w = Cast.AdaCold.Address.ToString() },
            cancellation);
        var digest = TypedData.FromJson(data["linkWalletTypedData"]!.GetValue<string>()).Digest();
        await client.MutateAsync("linkWallet", "reinvestment", "wallets", new()
        {
            ["awardId"] = adaAward,
            ["wallet"] = Cast.AdaCold.Address.ToString(),
            ["recipientSignature"] = Cast.Ada.Key.Sign(digest).ToString(),
            ["walletSignature"] = Cast.AdaCold.Key.Sign(digest).ToString(),
        }, cancellation);
        stage.Done($"Ada linked her second wallet {Cast.AdaCold.Address}; both wallets signed for it");
    }

    private async Task TravelToDayAsync(int day, CancellationToken cancellation)
    {
        await stage.Chain.TravelToAsync(vestingStartsAt + (day * Day), cancellation);
        stage.Say($"… day {day} …");
    }

    private Task<JsonNode> AwaitAwardAsync(string what, Hash32 proposal, Func<JsonNode, bool> isSo, CancellationToken cancellation) =>
        stage.UntilAsync(
            what,
            async () => (await stage.Public.QueryAsync(
                $"query ($p: Bytes32!) {{ award(proposalId: $p) {{ {AwardFields} }} }}",
                new { p = proposal.ToString() },
                cancellation))["award"],
            isSo,
            cancellation);

    private async Task ShowFlowsAsync(
        string name, string award, string[] venues, string[] kinds, CancellationToken cancellation)
    {
        var flows = await stage.UntilAsync(
            $"{name}'s movements are final",
            () => FlowsAsync(award, cancellation),
            seen => kinds.GroupBy(kind => kind).All(kind => seen.AsArray().Count(flow => KindOf(flow!) == kind.Key) >= kind.Count()),
            cancellation);
        if (venues.Length > 0 && flows.AsArray().Count(flow => flow!["venue"] is not null) < venues.Length)
            throw new DemoException($"{name}'s positions are not all known: {flows.ToJsonString()}");
        foreach (var flow in flows.AsArray())
        {
            var amount = Stage.Tokens(flow!["amount"]!.GetValue<string>());
            stage.Say($"{name}: {KindOf(flow)} {amount} (block {flow["evidence"]!["blockNumber"]}; {flow["why"]})");
        }

        stage.Done($"{name}'s flows are classified from finalized logs alone");
    }

    private static string KindOf(JsonNode flow) => flow["kind"]!.GetValue<string>();

    private async Task<JsonNode?> FlowsAsync(string award, CancellationToken cancellation)
    {
        var data = await stage.Public.QueryAsync(
            "query ($a: Bytes32!) { flows(awardId: $a, first: 100) { edges { node { kind amount venue why evidence { blockNumber } } } } }",
            new { a = award },
            cancellation);
        return new JsonArray([.. data["flows"]!["edges"]!.AsArray().Select(edge => edge!["node"]!.DeepClone())]);
    }

    private async Task<int> CountFlowsAsync(string award, CancellationToken cancellation) =>
        (await FlowsAsync(award, cancellation))!.AsArray().Count;

    private async Task<JsonNode?> BreachAsync(string award, CancellationToken cancellation)
    {
        var data = await stage.Public.QueryAsync(
            "query ($a: Bytes32!) { breaches(awardId: $a, first: 10) { edges { node { rule status why } } } }",
            new { a = award },
            cancellation);
        return data["breaches"]!["edges"]!.AsArray() is [{ } edge, ..] ? edge["node"] : null;
    }

    private async Task<JsonNode?> HeadAsync(CancellationToken cancellation) =>
        (await stage.Public.QueryAsync("{ chain { head { number hash } } }", null, cancellation))["chain"]?["head"];

    private async Task<JsonNode?> PromotedAsync(CancellationToken cancellation) =>
        (await stage.Public.QueryAsync("{ chain { promoted { number hash } } }", null, cancellation))["chain"]?["promoted"];
}
