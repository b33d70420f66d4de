using Grants.Domain;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.VotingPower;
using Xunit;

namespace Grants.Service.Tests.VotingPower;

/// <summary>Several strategies at once, and power that cannot be told from the logs alone.</summary>
public sealed class CombinedPowerTests(LocalServers servers)
{
    private static readonly AbiFunction Deposit = AbiFunction.Parse("function deposit() payable");

    private static readonly AbiFunction Withdraw = AbiFunction.Parse("function withdraw(uint256 wad)");

    [Fact]
    public async Task a_token_counts_once_wherever_its_holder_keeps_it()
    {
        await using var rig = await PowerRig.StartAsync(servers);
        var (token, quote) = (await VenueScene.TokenAsync(rig), await VenueScene.TokenAsync(rig));
        var vault = await rig.DeployAsync(Artifacts.Own("StakingVault", "address,string,string", token, "Staked", "S"));
        var venue = await rig.DeployAsync(Artifacts.Own("SequencerLock", "address,uint256", token, (UInt256)86_400UL));
        await VenueScene.ApproveAsync(rig, token, vault);
        await VenueScene.ApproveAsync(rig, token, venue);
        var pair = await VenueScene.PairAsync(rig, token, quote);
        var random = new Random(7);
        await rig.ActAsync(40, random, draw => draw.Next(3) switch
        {
            0 => VenueScene.DrawShares(rig, token, vault, draw),
            1 => VenueScene.DrawLiquidity(rig, token, quote, pair, draw),
            _ => (draw.Next(10), venue, Scene.LockFor.Encode(
                rig.Accounts[draw.Next(10)], (UInt256)(ulong)draw.NextInt64(1, 1_000), new byte[64])),
        });
        await rig.IndexAsync([token, vault, pair, venue]);
        var block = (await rig.View.HeadsAsync(rig.ChainId, PowerRig.Cancellation))!.Finalized;
        var everywhere = new PowerRules(
        [
            PowerStrategy.BalanceOf(token),
            PowerStrategy.BalanceOf(vault) with { Kind = PowerStrategyKind.VaultShares },
            PowerStrategy.BalanceOf(pair) with { Kind = PowerStrategyKind.LpUnderlying, Token = token },
            PowerStrategy.BalanceOf(venue) with { Kind = PowerStrategyKind.Staked },
        ]);
        var power = await rig.ReadAsync(everywhere, block);
        Assert.DoesNotContain(power.Snapshot.Accounts, one => one.Account == vault || one.Account == pair || one.Account == venue);

        // The whole supply counts, except what the custodians hold for nobody: not in the reserve yet, or of a vault's virtual shares.
        var nobodys = UInt256.Zero;
        foreach (var custody in everywhere.Strategies.Skip(1))
            nobodys += await rig.NumberAsync(block, token, Erc20.BalanceOf, custody.Contract)
                - (await rig.ReadAsync(new PowerRules([custody]), block)).Supply;
        Assert.Equal(await rig.NumberAsync(block, token, Erc20.TotalSupply) - nobodys, power.Supply);
        Assert.True(power.Snapshot.Total <= power.Supply);

        // Weighted and capped, it is the sum of what each strategy gives alone.
        var weighted = everywhere with { CapPerVoter = 1_000_000 };
        weighted = weighted with { Strategies = [.. weighted.Strategies.Select((one, i) => one with { Weight = i + 1 })] };
        var expected = new Dictionary<Address, UInt256>();
        foreach (var (i, strategy) in everywhere.Strategies.Index())
        {
            var alone = await rig.ReadAsync(new PowerRules([strategy]), block);
            foreach (var (account, amount) in alone.Snapshot.Accounts.Where(one => rig.Accounts.Contains(one.Account)))
                expected[account] = expected.GetValueOrDefault(account) + (amount * (UInt256)(ulong)(i + 1));
        }

        Assert.Equal(
            await rig.ByWordAsync(account => Task.FromResult(UInt256.Min(expected.GetValueOrDefault(account), 1_000_000))),
            (await rig.ReadAsync(weighted, block)).Snapshot.Accounts);
        Assert.Contains(expected.Values, one => one > 1_000_000);
        Assert.Contains(expected.Values, one => one < 1_000_000);
    }

    [Fact]
    public async Task of_a_token_whose_logs_do_not_tell_balances_everybody_is_asked()
    {
        await using var rig = await PowerRig.StartAsync(servers);
        var wrapped = await rig.DeployAsync(Artifacts.FromNpm("@uniswap/v2-periphery/build/WETH9.json", string.Empty));
        for (var account = 0; account < 5; account++)
            await rig.CallAsync(account, wrapped, Deposit.Encode(), 1_000);
        await rig.CallAsync(1, wrapped, Withdraw.Encode((UInt256)400UL));
        await rig.CallAsync(2, wrapped, Erc20.TransferCall.Encode(rig.Accounts[7], (UInt256)300UL));
        await rig.IndexAsync([wrapped]);
        var block = (await rig.View.HeadsAsync(rig.ChainId, PowerRig.Cancellation))!.Finalized;
        var power = await rig.ReadAsync(new PowerRules([PowerStrategy.BalanceOf(wrapped)]), block);
        Assert.Equal(
            await rig.ByWordAsync(account => rig.NumberAsync(block, wrapped, Erc20.BalanceOf, account)), power.Snapshot.Accounts);
        Assert.Equal<UInt256>(4_600, power.Supply);
        Assert.Equal(rig.Accounts.Count(account => power.Readings.Any(reading =>
            reading.Call.EndsWith(account.ToString()[2..], StringComparison.OrdinalIgnoreCase))), power.Snapshot.Accounts.Length);
    }

    [Fact]
    public async Task a_token_that_was_there_before_its_logs_were_read_is_refused_unless_its_holders_are_all_known()
    {
        await using var rig = await PowerRig.StartAsync(servers);
        var token = await VenueScene.TokenAsync(rig);
        var from = await rig.Node.BlockNumberAsync(PowerRig.Cancellation) + 1;
        for (var account = 0; account < 9; account++)
            await rig.CallAsync(account, token, Erc20.TransferCall.Encode(rig.Accounts[0], (UInt256)5UL));
        await rig.IndexAsync([token], from);
        var rules = new PowerRules([PowerStrategy.BalanceOf(token)]);
        var early = (await rig.View.HeadsAsync(rig.ChainId, PowerRig.Cancellation))!.Finalized;
        var (power, rejection) = await rig.Store.MaterialiseAsync(rig.ChainId, rules, from, early, PowerRig.Cancellation);
        Assert.Equal((null, "POWER_INCONSISTENT"), (power, rejection?.Code));

        await rig.CallAsync(9, token, Erc20.TransferCall.Encode(rig.Accounts[0], (UInt256)5UL));
        await rig.IndexAsync([], from);
        var late = (await rig.View.HeadsAsync(rig.ChainId, PowerRig.Cancellation))!.Finalized;
        (power, _) = await rig.Store.MaterialiseAsync(rig.ChainId, rules, from, late, PowerRig.Cancellation);
        Assert.Equal(
            await rig.ByWordAsync(account => rig.NumberAsync(late, token, Erc20.BalanceOf, account)), power!.Snapshot.Accounts);
    }

    [Fact]
    public async Task power_is_refused_while_logs_are_missing()
    {
        await using var rig = await PowerRig.StartAsync(servers);
        var token = await VenueScene.TokenAsync(rig);
        await rig.IndexAsync([token], fromBlock: 1);
        var rules = new PowerRules([PowerStrategy.BalanceOf(token)]);
        var block = (await rig.View.HeadsAsync(rig.ChainId, PowerRig.Cancellation))!.Finalized;
        Assert.Null(await RefusalAsync(rules, 1, block));
        Assert.Equal("POWER_NOT_INDEXED", await RefusalAsync(rules, 0, block));
        Assert.Equal("POWER_NOT_INDEXED", await RefusalAsync(rules, 1, await rig.BlockAsync(block.Number + 1)));
        var other = rules.Strategies[0] with { Kind = PowerStrategyKind.DelegatedBalance, Registry = rig.Accounts[3] };
        Assert.Equal("POWER_NOT_INDEXED", await RefusalAsync(new PowerRules([.. rules.Strategies, other]), 1, block));

        async Task<string?> RefusalAsync(PowerRules asked, long from, BlockRef at) =>
            (await rig.Store.MaterialiseAsync(rig.ChainId, asked, from, at, PowerRig.Cancellation)).Rejection?.Code;
    }

    [Fact]
    public async Task without_the_nodes_word_transfers_stand_for_themselves_and_vaults_cannot_be_read()
    {
        await using var rig = await PowerRig.StartAsync(servers);
        var token = await VenueScene.TokenAsync(rig);
        var vault = await rig.DeployAsync(Artifacts.Own("StakingVault", "address,string,string", token, "Staked", "S"));
        await VenueScene.ApproveAsync(rig, token, vault);
        await rig.CallAsync(1, vault, Erc4626.DepositCall.Encode((UInt256)500UL, rig.Accounts[2]));
        var block = await rig.BlockAsync(await rig.Node.BlockNumberAsync(PowerRig.Cancellation));
        var silent = new PowerReader(rig.NodeLogs, PowerRig.Silent);
        var asked = new PowerReader(rig.NodeLogs, rig.Answers.At(block.Hash, PowerRig.Cancellation));
        var tokens = new PowerRules([PowerStrategy.BalanceOf(token)]);
        var (power, _) = await silent.ReadAsync(tokens, block);
        Assert.Equal((await asked.ReadAsync(tokens, block)).Power!.Snapshot.Root, power!.Snapshot.Root);
        Assert.Empty(power.Readings);
        Assert.Equal(
            "POWER_NOT_READABLE", (await silent.ReadAsync(VenueScene.Of(PowerStrategyKind.VaultShares, vault), block)).Rejection?.Code);
    }

    [Fact]
    public async Task the_audit_sees_one_recorded_answer_that_the_contract_did_not_give()
    {
        await using var rig = await PowerRig.StartAsync(servers);
        var token = await VenueScene.TokenAsync(rig);
        var vault = await rig.DeployAsync(Artifacts.Own("StakingVault", "address,string,string", token, "Staked", "S"));
        await VenueScene.ApproveAsync(rig, token, vault);
        await rig.CallAsync(1, vault, Erc4626.DepositCall.Encode((UInt256)500UL, rig.Accounts[2]));
        var block = await rig.BlockAsync(await rig.Node.BlockNumberAsync(PowerRig.Cancellation));
        var (rules, node) = (VenueScene.Of(PowerStrategyKind.VaultShares, vault), rig.Answers.At(block.Hash, PowerRig.Cancellation));
        var (power, _) = await new PowerReader(rig.NodeLogs, node).ReadAsync(rules, block);
        var forged = power!.Readings.Select(reading => reading.Answer is { } answer && answer.EndsWith("01f4", StringComparison.Ordinal)
            ? reading with { Answer = answer[..^4] + "03e8" }
            : reading).ToList();
        Assert.NotEqual(power.Readings, forged);
        Assert.Null((await PowerAudit.RecomputeAsync(rules, block, power.Readings, rig.NodeLogs, node)).Problem);
        var (_, problem) = await PowerAudit.RecomputeAsync(rules, block, forged, rig.NodeLogs, node);
        Assert.Contains("otherwise than recorded", problem, StringComparison.Ordinal);
    }
}
