using System.Text.Json;
using Grants.Domain.Reinvestment;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment;

/// <summary>
/// A monitoring that lives through transactions and checkpoints, one block a second. After each command it is decided
/// again, which must yield nothing, and the state goes through JSON, as it does in the store.
/// </summary>
internal sealed class Story
{
    public static readonly Hash32 AwardId = Keccak256.Hash("award");

    private readonly List<object> events = [];

    private Story(ReinvestmentPolicy policy) => Decide(state => ReinvestmentMonitor.Decide(Start(policy), state));

    public ReinvestmentMonitor State { get; private set; } = null!;

    /// <summary>Those that were recorded, in their order.</summary>
    public List<IReadOnlyList<Observation>> Transactions { get; } = [];

    /// <summary>The names of all events so far, without their evidence.</summary>
    public IEnumerable<string> Events => events.Select(one => one.GetType().Name);

    public static Story Begin(ReinvestmentPolicy? policy = null) => new(policy ?? Policy);

    public static StartMonitoring Start(ReinvestmentPolicy policy) =>
        new(AwardId, [new WalletBalance(Ada, 0)], Token, Vault, Treasury, 1_000, policy, Block(0, 0));

    /// <summary>At <paramref name="at"/>, in the block of that number: the transaction, then a checkpoint.</summary>
    public Story Then(long at, Func<long, IReadOnlyList<Observation>> transaction)
    {
        Record(at, transaction(at));
        return Checkpoint(at);
    }

    /// <param name="fresh">Who of them is new on the chain and has no code.</param>
    public Story Record(long at, IReadOnlyList<Observation> observations, params Address[] fresh)
    {
        Transactions.Add(observations);
        return Decide(state => ReinvestmentMonitor.Decide(
            new RecordTransaction(AwardId, observations, Block(at, at), [.. fresh]), state));
    }

    public Story Checkpoint(long at) =>
        Decide(state => ReinvestmentMonitor.Decide(new EvaluateCheckpoint(AwardId, Block(at, at)), state));

    public Story Link(long at, Address wallet, UInt256 balance) => Decide(state => ReinvestmentMonitor.Decide(
        new LinkWallet(AwardId, new WalletBalance(wallet, balance), Ada, Block(at, at)), state));

    /// <summary>The last event of a type.</summary>
    public T Last<T>() => events.OfType<T>().Last();

    public IEnumerable<T> All<T>() => events.OfType<T>();

    public int Count<T>() => events.OfType<T>().Count();

    /// <summary>Decides a command, twice.</summary>
    public Story Decide(Func<ReinvestmentMonitor?, Decision> decide)
    {
        var decision = decide(State);
        Assert.Null(decision.Rejection);
        events.AddRange(decision.Events);
        var state = decision.Events.Select(Restored).Aggregate((ReinvestmentMonitor?)State, ReinvestmentMonitor.Evolve);
        State = Restored(state!);
        var again = decide(State);
        Assert.Null(again.Rejection);
        Assert.Empty(again.Events);
        return this;
    }

    private static T Restored<T>(T value)
        where T : notnull => (T)JsonSerializer.Deserialize(Flows.Json(value), value.GetType())!;
}
