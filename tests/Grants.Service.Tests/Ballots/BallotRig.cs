using System.Runtime.CompilerServices;
using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Domain.Proposals;
using Grants.Domain.VotingPower;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Ballots;
using Grants.Service.Ballots.Casting;
using Grants.Service.Ballots.Log;
using Grants.Service.Ballots.Recording;
using Grants.Service.Demo;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Grants.Service.VotingPower;
using Marten;
using Microsoft.Extensions.Options;
using Npgsql;
using Wolverine;
using Xunit;

namespace Grants.Service.Tests.Ballots;

/// <summary>A clock that stands still until the test moves it.</summary>
internal sealed class StoppedClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>The parts through which a ballot goes, on a real database, with a clock that the test moves.</summary>
internal sealed class BallotRig : IAsyncDisposable
{
    /// <summary>Of the chain that all tests share.</summary>
    public const long ChainId = 31_337;

    // Under load an answer may take long; no test is about that unless it says so.
    private static readonly CastingOptions Patient = new() { AnswerSeconds = 300, WaitingMax = 100_000 };

    private static readonly ConditionalWeakTable<LocalServers, Lazy<Task<string>>> Templates = [];

    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string folder = Directory.CreateTempSubdirectory("grants-ballots-").FullName;
    private readonly HttpClient http = new();
    private readonly EthereumRpc node;
    private readonly PowerLookup lookup;
    private BlockRef snapshotBlock;
    private readonly BallotDoor door;
    private readonly BallotMetrics metrics = new();

    private BallotRig(string connection, Uri nodeUrl, CastingOptions casting, BallotRig? sibling)
    {
        ConnectionString = connection;
        Clock = sibling?.Clock ?? new StoppedClock(Noon);
        Database = NpgsqlDataSource.Create(connection);
        Store = StoreOf(connection);
        var options = Options.Create(casting);
        Node = nodeUrl;
        node = new EthereumRpc(http, nodeUrl);
        var chain = new ChainIdentity(ChainId);
        Ballots = new BallotStore(Database, Store);
        Powers = new PowerStore(Database, new ChainView(Database), null!);
        lookup = new PowerLookup(Powers);
        var votes = new OpenVotes(Ballots, Clock);
        var keyFile = Path.Combine(sibling?.folder ?? folder, "log.key");
        Signer = new TreeHeadSigner(Options.Create(new BallotLogOptions { KeyFile = keyFile }), chain);
        door = new BallotDoor(votes, lookup, new AccountSignatures(node), chain, Clock, options);
        var commit = new GroupCommit(
            Database, Store, Signer, Clock, options, new ShownLog<GroupCommit>(TestContext.Current.TestOutputHelper));
        Writer = new BallotWriter(commit, metrics, options);
        Intake = new BallotIntake(door, votes, Writer, Database, metrics, options);
    }

    public StoppedClock Clock { get; }

    public string ConnectionString { get; }

    /// <summary>Of all votes; each has its own where null.</summary>
    public string? Space { get; init; }

    /// <summary>The chain's node.</summary>
    public Uri Node { get; }

    public NpgsqlDataSource Database { get; }

    public IDocumentStore Store { get; }

    public BallotStore Ballots { get; }

    public PowerStore Powers { get; }

    public TreeHeadSigner Signer { get; }

    public BallotWriter Writer { get; }

    public BallotIntake Intake { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<BallotRig> StartAsync(LocalServers servers, CastingOptions? casting = null, string? space = null)
    {
        var template = await Templates.GetValue(servers, made => new(() => TemplateAsync(made))).Value;
        var rig = new BallotRig(
            await servers.CreateDatabaseAsync("ballots", template), await servers.SharedChainAsync(), casting ?? Patient, null)
        {
            Space = space,
        };
        await rig.lookup.StartAsync(Cancellation);
        rig.snapshotBlock = (await rig.node.BlockAsync(BlockTag.Latest, Cancellation))!.Ref;
        return rig;
    }

    /// <summary>Another instance of the same service, with the same log key and the same clock.</summary>
    public async Task<BallotRig> AnotherNodeAsync(CastingOptions? casting = null, string? connection = null)
    {
        var rig = new BallotRig(connection ?? ConnectionString, Node, casting ?? Patient, this) { Space = Space };
        await rig.lookup.StartAsync(Cancellation);
        return rig;
    }

    /// <summary>The wallet of a voter.</summary>
    public static PrivateKey Voter(int number) => Person.Called($"voter {number}").Key;

    /// <summary>The space of a vote: one of its own, so that its log begins with the vote, unless the rig has one for all.</summary>
    public string SpaceOf(VotingOpened vote) => Space ?? OwnSpaceOf(vote);

    /// <summary>A voter's ballot for a choice, as the vote asks for it.</summary>
    public static SignedBallot BallotOf(VotingOpened vote, int voter, ulong nonce, string choice = "1") => new(
        OwnSpaceOf(vote),
        vote.VoteId,
        vote.ContentHash,
        Voter(voter).Address,
        choice,
        nonce,
        vote.OpensAt.AddDays(6).ToUnixTimeSeconds(),
        string.Empty);

    /// <summary>Opens a vote on a proposal of its own in a space of its own; voters from 0 on have these powers.</summary>
    public async Task<VotingOpened> OpenAsync(VotingRules rules, params IReadOnlyList<UInt256> powers)
    {
        var proposalId = Keccak256.Hash(Guid.CreateVersion7().ToString());
        var content = new ProposalContent("A thing", "Why not.", 1_000, Voter(0).Address);
        await using var session = Store.LightweightSession(Space ?? OwnSpaceOf(proposalId));
        session.Events.StartStream<Proposal>(
            Proposal.StreamId(proposalId),
            new ProposalDrafted(proposalId, "program", Voter(0).Address, content, Clock.Now),
            new ProposalSubmitted(proposalId, Voter(0).Address, content.Hash(), Clock.Now));
        await session.SaveChangesAsync(Cancellation);
        return await OpenAsync(proposalId, rules, powers);
    }

    /// <summary>Opens the next vote on a proposal.</summary>
    public async Task<VotingOpened> OpenAsync(Hash32 proposalId, VotingRules rules, IReadOnlyList<UInt256> powers)
    {
        var snapshot = PowerSnapshot.Of(powers.Select((power, voter) => new AccountPower(Voter(voter).Address, power)));
        var command = new OpenVoting(
            proposalId, rules, snapshotBlock, snapshot.Root, snapshot.Total, snapshot.Total,
            snapshot.Accounts.Length, Voter(0).Address, Clock.Now);
        await using var session = Store.LightweightSession(Space ?? OwnSpaceOf(proposalId));
        VotingOpened? opened = null;
        await session.DecideAsync<Proposal>(
            Proposal.StreamId(proposalId),
            proposal =>
            {
                var decision = Proposal.Decide(command, proposal);
                opened = decision.Events.OfType<VotingOpened>().Single();
                return decision;
            },
            Cancellation);
        PowerStore.Store(session, opened!.VoteId, snapshot);
        BallotStore.Open(session, opened);
        await session.SaveChangesAsync(Cancellation);
        return opened;
    }

    /// <summary>Signs a ballot and casts it.</summary>
    public Task<CastAnswer> CastAsync(SignedBallot ballot, int voter) =>
        Intake.CastAsync(ballot.Space, ballot, Sign(ballot, voter), Cancellation);

    public Task<CastAnswer> CastAsync(VotingOpened vote, int voter, ulong nonce, string choice = "1") =>
        CastAsync(BallotOf(vote, voter, nonce, choice), voter);

    public string Sign(SignedBallot ballot, int voter) => Voter(voter).Sign(door.DigestOf(ballot)).ToString();

    /// <summary>Certifies as the scheduled message does.</summary>
    /// <returns>When to come again; null where the vote is certified.</returns>
    public async Task<DateTimeOffset?> CertifyAsync(VotingOpened vote)
    {
        await using var session = Store.LightweightSession(SpaceOf(vote));
        var messages = await CertificationHandlers.Handle(
            new CertifyVoting(vote.ProposalId, vote.VoteId), session, Database, Ballots, Clock, Cancellation);
        await session.SaveChangesAsync(Cancellation);
        return messages.OfType<DeliveryMessage<CertifyVoting>>().SingleOrDefault()?.Options.ScheduledTime;
    }

    public async Task<Proposal> ProposalAsync(VotingOpened vote)
    {
        await using var session = Store.QuerySession(SpaceOf(vote));
        return (await session.LoadAsync<Proposal>(Proposal.StreamId(vote.ProposalId), Cancellation))!;
    }

    public async Task<CurrentBallot?> CurrentAsync(VotingOpened vote, int voter) =>
        await CurrentBallots.FindAsync(Database, vote.VoteId, Voter(voter).Address, Cancellation);

    public async Task<IReadOnlyList<BallotRecord>> RecordsAsync(VotingOpened vote)
    {
        var records = new List<BallotRecord>();
        await foreach (var record in Ballots.RecordsAsync(SpaceOf(vote), vote.VoteId, Cancellation))
            records.Add(record);
        return records;
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.StopAsync(CancellationToken.None);
        await lookup.StopAsync(CancellationToken.None);
        lookup.Dispose();
        door.Dispose();
        metrics.Dispose();
        Store.Dispose();
        await Database.DisposeAsync();
        http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    // The tables of a service, made once for all tests.
    private static async Task<string> TemplateAsync(LocalServers servers)
    {
        var connection = await servers.CreateDatabaseAsync("ballots_template");
        await using var database = NpgsqlDataSource.Create(connection);
        await SqlMigrations.ApplyAsync(database, Cancellation);
        using var store = StoreOf(connection);
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        return new NpgsqlConnectionStringBuilder(connection).Database!;
    }

    private static DocumentStore StoreOf(string connection) => DocumentStore.For(options =>
    {
        options.Connection(connection);
        MartenSetup.Configure(options);
    });

    private static string OwnSpaceOf(VotingOpened vote) => OwnSpaceOf(vote.ProposalId);

    private static string OwnSpaceOf(Hash32 proposal) => $"space-{proposal.ToString()[2..34]}";
}
