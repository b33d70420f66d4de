using Grants.Domain.Reinvestment;
using Grants.Primitives;

namespace Grants.Domain.Tests.Reinvestment;

/// <summary>Who is who, and transactions of a small chain, log by log.</summary>
internal static class Chain
{
    public const long ChainId = 59_902;

    public static readonly Address Token = Flows.AddressOf(0x70);
    public static readonly Address Stable = Flows.AddressOf(0x71);
    public static readonly Address Vault = Flows.AddressOf(0x80);
    public static readonly Address Treasury = Flows.AddressOf(0x81);
    public static readonly Address Ada = Flows.AddressOf(0xada);
    public static readonly Address AdaCold = Flows.AddressOf(0xadac);
    public static readonly Address Stranger = Flows.AddressOf(0x5);
    public static readonly Address Router = Flows.AddressOf(0x6);
    public static readonly Address Locking = Flows.AddressOf(0x10);
    public static readonly Address Lst = Flows.AddressOf(0x11);
    public static readonly Address Pair = Flows.AddressOf(0x12);
    public static readonly Address OtherPair = Flows.AddressOf(0x13);
    public static readonly Address Bridge = Flows.AddressOf(0x20);
    public static readonly Address Exchange = Flows.AddressOf(0x21);
    public static readonly Address OldTreasury = Flows.AddressOf(0x22);

    public const long Day = 86_400;

    public static readonly ReinvestmentPolicy Policy = TwoRules();

    /// <summary>At most a fifth disposed of, at least half at work after a month, a fortnight to cure: with something else.</summary>
    public static ReinvestmentPolicy TwoRules(
        int maxDisposal = 2_000, int minReinvestment = 5_000, long grace = 30 * Day, long cure = 14 * Day) => ReinvestmentPolicy.OfTwoRules(
        "reinvest-half",
        1,
        new BasisPoints(maxDisposal),
        new BasisPoints(minReinvestment),
        grace,
        cure,
        [
            new PolicyVenue(Locking, VenueKind.Lock, new BasisPoints(10_000), new BasisPoints(10_000), 0),
            new PolicyVenue(Lst, VenueKind.Vault, new BasisPoints(10_000), new BasisPoints(10_000), 0),
            new PolicyVenue(Pair, VenueKind.Pool, new BasisPoints(10_000), new BasisPoints(5_000), 0),
        ],
        [
            new LabelledAddress(Bridge, AddressKind.Bridge),
            new LabelledAddress(Exchange, AddressKind.Exchange),
            new LabelledAddress(OldTreasury, AddressKind.Treasury),
        ]);

    public static AwardScope Scope(params Address[] wallets) => new(Token, Vault, Treasury, wallets, Policy);

    public static BlockRef Block(long number, long at) => new(number, Keccak256.Hash($"block {number}"), at);

    public static EventKey Key(long block, string transaction, int logIndex) =>
        new(ChainId, block, Keccak256.Hash($"block {block}"), Keccak256.Hash(transaction), logIndex);

    /// <summary>Gives each log the next place in one transaction.</summary>
    public static IReadOnlyList<Observation> Transaction(long block, params Func<EventKey, Observation>[] logs) =>
        [.. logs.Select((log, index) => log(Key(block, $"transaction in {block}", index)))];

    public static Func<EventKey, Observation> Moved(Address token, Address from, Address to, UInt256 amount) =>
        key => new TokenTransferred(key, token, from, to, amount);

    public static Func<EventKey, Observation> Moved(Address from, Address to, UInt256 amount) => Moved(Token, from, to, amount);

    public static Func<EventKey, Observation> Swapped(Address pool) => key => new PoolSwapped(key, pool);

    public static IReadOnlyList<Observation> Released(long block, Address to, UInt256 amount) =>
        Transaction(block, Moved(Vault, to, amount));

    public static IReadOnlyList<Observation> Locked(long block, Address wallet, UInt256 amount) => Transaction(
        block, Moved(wallet, Locking, amount), key => new SequencerLocked(key, Locking, wallet, 7, amount));

    public static IReadOnlyList<Observation> Deposited(long block, Address wallet, UInt256 assets, UInt256 shares) => Transaction(
        block,
        Moved(wallet, Lst, assets),
        Moved(Lst, Address.Zero, wallet, shares),
        key => new VaultDeposited(key, Lst, wallet, assets, shares));

    public static IReadOnlyList<Observation> Sold(long block, Address wallet, UInt256 amount) => Transaction(
        block, Moved(wallet, OtherPair, amount), Moved(Stable, OtherPair, wallet, 17), Swapped(OtherPair));

    public static IReadOnlyList<Observation> BridgedOut(long block, Address wallet, UInt256 amount) => Transaction(
        block, Moved(wallet, Address.Zero, amount), key => new BridgeWithdrawn(key, Bridge, Token, wallet, wallet, amount));

    public static IReadOnlyList<Observation> Returned(long block, Address wallet, UInt256 amount) =>
        Transaction(block, Moved(wallet, Treasury, amount));

    /// <summary>What the wallets did, one line a flow: kind, amount, shares.</summary>
    public static string[] Classified(params Func<EventKey, Observation>[] logs) => ClassifiedFor([Ada, AdaCold], logs);

    public static string[] ClassifiedFor(Address[] wallets, params Func<EventKey, Observation>[] logs) =>
        [.. Classification.Classify(Transaction(5, logs), Scope(wallets)).Select(flow => $"{flow.Kind} {flow.Amount} {flow.Shares}")];
}
