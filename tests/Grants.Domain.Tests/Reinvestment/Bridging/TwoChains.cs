using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Bridging;
using Grants.Primitives;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment.Bridging;

/// <summary>The other chain: L1 with its token, its end of the bridge, a lock of sequencers, and a wallet of Ada's there.</summary>
internal static class TwoChains
{
    public const long L1 = 1;
    public const long LandsWithin = 14 * Day;

    public static readonly Address TokenThere = Flows.AddressOf(0x701);
    public static readonly Address BridgeThere = Flows.AddressOf(0x201);
    public static readonly Address LockThere = Flows.AddressOf(0x101);
    public static readonly Address ExchangeThere = Flows.AddressOf(0x211);
    public static readonly Address AdaThere = Flows.AddressOf(0xada1);

    public static readonly ReinvestmentPolicy Spanning = Policy with
    {
        OtherChain = new OtherChain(
            L1,
            TokenThere,
            LandsWithin,
            [new PolicyVenue(LockThere, VenueKind.Lock, new BasisPoints(10_000), new BasisPoints(10_000), 0)],
            [new LabelledAddress(BridgeThere, AddressKind.Bridge), new LabelledAddress(ExchangeThere, AddressKind.Exchange)]),
    };

    /// <summary>1,000 released to Ada, whose wallet on L1 is linked.</summary>
    public static Story Begin(UInt256 ownThere = default) =>
        Story.Begin(Spanning).Then(1, at => Released(at, Ada, 1_000)).LinkThere(1, AdaThere, ownThere);

    public static BlockRef BlockThere(long number, long at) => new(number, Keccak256.Hash($"L1 block {number}"), at);

    public static Story LinkThere(this Story story, long at, Address wallet, UInt256 balance) => story.Decide(
        state => ReinvestmentMonitor.Decide(Linking(at, wallet, balance), state));

    public static LinkWallet Linking(long at, Address wallet, UInt256 balance, long chainId = L1) => new(
        Story.AwardId, new WalletBalance(wallet, balance), Ada, Block(at, at), new OtherChainBlock(chainId, BlockThere(at, at)));

    /// <summary>Over the bridge to a wallet there.</summary>
    public static IReadOnlyList<Observation> Leaves(long block, UInt256 amount, Address? to = null) => Transaction(
        block, Moved(Ada, Address.Zero, amount), key => new BridgeWithdrawn(key, Bridge, Token, Ada, to ?? AdaThere, amount));

    /// <summary>Out of the bridge back here.</summary>
    public static IReadOnlyList<Observation> Returns(long block, UInt256 amount) => Transaction(
        block, Moved(Address.Zero, Ada, amount), key => new BridgeLanded(key, Bridge, Token, AdaThere, Ada, amount));

    /// <summary>A transaction of L1, told when the chain that pays is at block <paramref name="clock"/>.</summary>
    public static Story ThenThere(this Story story, long clock, long block, params Func<EventKey, Observation>[] logs)
    {
        var at = BlockThere(block, block);
        return story.Decide(state => ReinvestmentMonitor.Decide(
            new RecordTransaction(Story.AwardId, Logs(block, logs), at, Clock: Block(clock, clock)), state)).PassThere(clock, block);
    }

    /// <summary>L1 is at a block.</summary>
    public static Story PassThere(this Story story, long clock, long block)
    {
        var at = BlockThere(block, block);
        var crossings = new NoteCrossings(
            Story.AwardId, L1, at, new EventKey(L1, at.Number, at.Hash, Hash32.Zero, -1), Block(clock, clock));
        return story.Decide(state => ReinvestmentMonitor.Decide(crossings, state));
    }

    /// <summary>The chain that pays is at a block.</summary>
    public static Story PassHere(this Story story, long at)
    {
        var block = Block(at, at);
        return story.Decide(state => ReinvestmentMonitor.Decide(
            new NoteCrossings(Story.AwardId, ChainId, block, new EventKey(ChainId, at, block.Hash, Hash32.Zero, -5)), state));
    }

    public static Func<EventKey, Observation>[] Landed(UInt256 amount, Address? from = null) =>
    [
        Moved(TokenThere, BridgeThere, AdaThere, amount),
        key => new BridgeLanded(key, BridgeThere, TokenThere, from ?? Ada, AdaThere, amount),
    ];

    public static Func<EventKey, Observation>[] LockedThere(UInt256 amount) =>
    [
        Moved(TokenThere, AdaThere, LockThere, amount), key => new SequencerLocked(key, LockThere, AdaThere, 7, amount),
    ];

    private static IReadOnlyList<Observation> Logs(long block, Func<EventKey, Observation>[] logs) =>
    [
        .. logs.Select((log, index) => log(
            new EventKey(L1, block, BlockThere(block, block).Hash, Keccak256.Hash($"L1 transaction in {block}"), index))),
    ];
}
