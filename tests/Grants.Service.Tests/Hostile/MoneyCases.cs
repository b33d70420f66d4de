using System.Net;
using Grants.Domain;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Tests;
using Grants.Primitives;
using Grants.Service.Demo;
using Grants.Service.Disbursements;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Journeys;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Spectre.Console;
using Xunit;

namespace Grants.Service.Tests.Hostile;

/// <summary>What a node could say to make the treasury pay wrongly, too much or twice.</summary>
internal static class MoneyCases
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly UInt256 Gwei = 1_000_000_000UL;
    private static readonly Person Thief = Person.Called("a thief of the operator's key");
    private static readonly Uri Nowhere = new("http://node.invalid");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static IReadOnlyDictionary<string, Func<LocalServers, Task>> All { get; } = new Dictionary<string, Func<LocalServers, Task>>
    {
        ["B-84 a payment of the vault that cannot be read halts the chain"] = UnreadablePaymentAsync,
        ["B-91 chain 31337 is refused at the start unless it is called a development chain"] = RefusedAtStartAsync,
        ["B-91 chain 1337 is refused as well"] = _ => Refused(new ChainOptions { Rpc = Nowhere }, 1337),
        ["B-91 another chain than the configured one is refused"] = _ => Refused(new ChainOptions { Rpc = Nowhere, ChainId = 1088 }, 10),
        ["B-93 a fee of nothing is offered as it is"] = _ => OffersAsync("0x0", baseFee: UInt256.Zero, UInt256.Zero, isCapped: false),
        ["B-93 a fee within reason is offered twice over"] = _ => OffersAsync("0x3b9aca00", 30 * Gwei, 61 * Gwei, isCapped: false),
        ["B-93 a tip of 2^256 - 1 is capped"] = _ => OffersAsync("0x" + new string('f', 64), 30 * Gwei, 1_000 * Gwei, isCapped: true),
        ["B-93 a base fee of 2^256 - 1 is capped"] = _ => OffersAsync("0x0", UInt256.MaxValue, 1_000 * Gwei, isCapped: true),
        ["B-94 a nonce lower than the ledger's is not used"] = LowerNonceAsync,
        ["B-94 a nonce higher than the ledger's stops the signing"] = HigherNonceAsync,
        ["B-96 a payment that nobody ordered halts the chain and all money"] = UnorderedPaymentAsync,
    };

    private static Task Refused(ChainOptions chain, long chainId)
    {
        Assert.Throws<InvalidOperationException>(() => chain.Check(chainId));
        (chain with { ChainId = chainId, IsDevelopment = true }).Check(chainId);
        return Task.CompletedTask;
    }

    private static async Task RefusedAtStartAsync(LocalServers servers)
    {
        var database = await servers.CreateDatabaseAsync("refused");
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Grants"] = database,
            ["Chains:0:Rpc"] = (await servers.SharedChainAsync()).ToString(),
        };
        var refusal = await Assert.ThrowsAsync<StartException>(() => ServiceRun.StartAsync(
            new RunOptions(Path.GetTempPath(), "http://127.0.0.1:0"), settings, _ => { }, Cancellation));
        Assert.Contains("Chain 31337 is a development chain", refusal.Message, StringComparison.Ordinal);
        await using var connections = NpgsqlDataSource.Create(database);
        await using var command = connections.CreateCommand("select count(*) from pg_namespace where nspname in ('chain', 'grants')");
        Assert.Equal(0L, await command.ExecuteScalarAsync(Cancellation));
    }

    private static async Task OffersAsync(string tip, UInt256 baseFee, UInt256 expected, bool isCapped)
    {
        var offer = FeeOffer.Of(baseFee, await ScriptedNode.Result($"\"{tip}\"").MaxPriorityFeeAsync(Cancellation), mostGwei: 1_000);
        Assert.Equal((expected, isCapped), (offer.MaxFee, offer.IsCapped));
        Assert.True(offer.Tip <= offer.MaxFee);
        Assert.InRange(FeeOffer.GasLimit(long.MaxValue), 1, 12_500_000);
    }

    private static async Task LowerNonceAsync(LocalServers servers)
    {
        var (ledger, order) = Ledger();
        var count = await ScriptedNode.Result("\"0x3\"").TransactionCountAsync(order.Signer, BlockTag.Pending, Cancellation);
        var decided = NonceLedger.Decide(order with { PendingCount = count }, ledger);
        Assert.Equal(8, Assert.IsType<NonceReserved>(Assert.Single(decided.Events)).Nonce);
    }

    private static async Task HigherNonceAsync(LocalServers servers)
    {
        var (ledger, order) = Ledger();
        var count = await ScriptedNode.Result("\"0x9\"").TransactionCountAsync(order.Signer, BlockTag.Pending, Cancellation);
        var decided = NonceLedger.Decide(order with { PendingCount = count }, ledger);
        Assert.Equal("FOREIGN_NONCE", decided.Rejection?.Code);
        Assert.Empty(decided.Events);
    }

    /// <summary>A ledger that has given out the nonces up to 7, and the next order.</summary>
    private static (NonceLedger? Ledger, ReserveNonce Order) Ledger()
    {
        var signer = Person.Called("the operator").Address;
        return (
            NonceLedger.Evolve(null, new NonceReserved(1088, signer, Keccak256.Hash("first"), 7)),
            new ReserveNonce(1088, signer, [Keccak256.Hash("second")], 0));
    }

    /// <summary>Somebody with the operator's rights grants themselves an award of the vault's, and releases it.</summary>
    private static Task UnorderedPaymentAsync(LocalServers servers) => WithProgramAsync(servers, async (http, services, chain, scene) =>
    {
        var (award, now) = (Keccak256.Hash("mine"), await chain.NowAsync(Cancellation));
        await chain.CallAsync(
            Thief.Key, scene.Vault, IncentiveVault.Grant, Cancellation,
            award, scene.Token, Thief.Address, Scene.Tokens(1_000),
            VaultCall.ScheduleOf(new LinearVesting(Scene.Tokens(1_000), now - 10, 0, 1)));
        await chain.CallAsync(
            Thief.Key, scene.Vault, IncentiveVault.Release, Cancellation, award, 1, Scene.Tokens(1_000), now + 1_000_000);
        await chain.MineAsync(4, Cancellation);

        var heads = await HaltedAsync(services, chain);
        var id = IncentiveVault.ReleaseId(chain.ChainId, scene.Vault, award, 1, scene.Token, Thief.Address, Scene.Tokens(1_000));
        Assert.StartsWith($"The vault {scene.Vault} paid {id}, which nobody ordered.", heads.HaltReason, StringComparison.Ordinal);
        Assert.False(await services.GetRequiredService<PromotionQueue>().AnyAsync(chain.ChainId, Cancellation));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/health/ready", Cancellation)).StatusCode);

        await chain.MineAsync(4, Cancellation);
        await services.GetRequiredService<ChainStore>().ClearHaltAsync(chain.ChainId, Cancellation);
        var view = services.GetRequiredService<ChainView>();
        await Eventually.TrueAsync(
            async () => (await view.HeadsAsync(chain.ChainId, Cancellation)) is { HaltReason: null } next
                && next.Promoted.Number > heads.Promoted.Number,
            Patience,
            "the chain goes on");
    });

    /// <summary>Only a node that lies shows such logs of our own contract; others may log what they like.</summary>
    private static Task UnreadablePaymentAsync(LocalServers servers) => WithProgramAsync(servers, async (_, services, chain, scene) =>
    {
        await PromoteAsync(scene.Token);
        Assert.Null(await services.GetRequiredService<ChainStore>().HaltReasonAsync(chain.ChainId, Cancellation));
        await PromoteAsync(scene.Vault);
        Assert.Contains("paid what cannot be read", (await HaltedAsync(services, chain)).HaltReason, StringComparison.Ordinal);

        async Task PromoteAsync(Address contract)
        {
            await using var session = services.GetRequiredService<IDocumentStore>().LightweightSession(OpenVote.Space);
            var log = new RpcLog(contract, [IncentiveVault.Released.Topic0], [], 7, Keccak256.Hash("b"), Keccak256.Hash("t"), 0, 0);
            var block = new FinalizedBlock(chain.ChainId, new BlockRef(7, log.BlockHash, 0), [log]);
            await new DisbursementsChainLogs().PromoteAsync(block, session, Cancellation);
            await session.SaveChangesAsync(Cancellation);
        }
    });

    private static async Task<ChainHeads> HaltedAsync(IServiceProvider services, Devnet chain)
    {
        var view = services.GetRequiredService<ChainView>();
        await Eventually.TrueAsync(
            async () => (await view.HeadsAsync(chain.ChainId, Cancellation))?.HaltReason is not null, Patience, "the chain is halted");
        return (await view.HeadsAsync(chain.ChainId, Cancellation))!;
    }

    /// <summary>The running service with an open program, whose vault a thief may order as the operator does.</summary>
    private static async Task WithProgramAsync(
        LocalServers servers, Func<HttpClient, IServiceProvider, Devnet, Scene, Task> act)
    {
        var folder = Directory.CreateTempSubdirectory("grants-unordered-").FullName;
        try
        {
            await using var run = await RunningService.StartAsync(
                await servers.CreateDatabaseAsync("unordered"),
                await servers.StartChainAsync(),
                Path.Combine(folder, "operator.key"),
                Cancellation);
            using var http = new HttpClient { BaseAddress = run.Url };
            var services = run.App.Services;
            var chain = new Devnet(services.GetRequiredService<EthereumRpc>(), services.GetRequiredService<ChainIdentity>().ChainId);
            var scene = await Scene.BuildAsync(chain, Thief.Address, Scene.Tokens(100_000), Cancellation);
            await using var output = new StringWriter();
            var stage = new Stage(http, chain, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }));
            await new VotingActs(stage, scene, "robbed").OpenProgramAsync(Scene.Tokens(100_000), Cancellation);
            await act(http, services, chain, scene);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
