using CsCheck;
using Grants.Domain.Reinvestment;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment;

public sealed class ClassificationTests
{
    private static readonly Address Nobody = Address.Zero;

    [Fact]
    public void a_transfer_from_the_vault_is_a_release() =>
        Assert.Equal(["Release 100 0"], Classified(Moved(Vault, Ada, 100)));

    [Fact]
    public void a_transfer_from_anybody_else_is_own_money() =>
        Assert.Equal(["OwnIn 100 0"], Classified(Moved(Stranger, Ada, 100)));

    [Fact]
    public void a_transfer_between_wallets_of_the_award_is_neutral() =>
        Assert.Equal(["Internal 100 0"], Classified(Moved(Ada, AdaCold, 100)));

    [Fact]
    public void a_transfer_to_a_stranger_is_unknown() =>
        Assert.Equal(["Unknown 100 0"], Classified(Moved(Ada, Stranger, 100)));

    [Fact]
    public void other_peoples_transfers_are_nothing() =>
        Assert.Empty(Classified(Moved(Stranger, Router, 100), Swapped(Pair), Moved(Vault, Stranger, 5)));

    [Fact]
    public void a_transfer_of_nothing_in_the_name_of_a_wallet_is_nothing() =>
        Assert.Empty(Classified(Moved(Ada, Stranger, 0)));

    [Fact]
    public void a_deposit_opens_a_position_with_its_shares() => Assert.Equal(
        ["Open 100 90"],
        Classified(
            Moved(Ada, Lst, 100), Moved(Lst, Nobody, Ada, 90), key => new VaultDeposited(key, Lst, Ada, 100, 90)));

    [Fact]
    public void a_deposit_through_a_router_opens_a_position() => Assert.Equal(
        ["Open 100 90"],
        Classified(
            Moved(Ada, Router, 100),
            Moved(Router, Lst, 100),
            Moved(Lst, Nobody, Ada, 90),
            key => new VaultDeposited(key, Lst, Ada, 100, 90)));

    [Fact]
    public void a_deposit_takes_only_what_it_explains() => Assert.Equal(
        ["Unknown 10 0", "Open 100 90"],
        Classified(
            Moved(Ada, Lst, 110), Moved(Lst, Nobody, Ada, 90), key => new VaultDeposited(key, Lst, Ada, 100, 90)));

    [Fact]
    public void what_a_router_passed_on_once_funds_one_deposit() => Assert.Equal(
        ["Unknown 100 0", "Open 100 90"],
        Classified(
            Moved(Ada, Router, 200),
            Moved(Router, Lst, 100),
            key => new VaultDeposited(key, Lst, Ada, 100, 90),
            key => new VaultDeposited(key, Lst, Ada, 100, 90)));

    [Fact]
    public void a_deposit_for_somebody_else_is_unknown() => Assert.Equal(
        ["Unknown 100 0"],
        Classified(
            Moved(Ada, Lst, 100), Moved(Lst, Nobody, Stranger, 90), key => new VaultDeposited(key, Lst, Stranger, 100, 90)));

    [Fact]
    public void a_deposit_that_somebody_else_paid_brings_shares_only() => Assert.Equal(
        ["SharesIn 0 90"],
        Classified(
            Moved(Stranger, Lst, 100), Moved(Lst, Nobody, Ada, 90), key => new VaultDeposited(key, Lst, Ada, 100, 90)));

    [Fact]
    public void a_deposit_in_a_venue_that_is_not_listed_is_unknown() => Assert.Equal(
        ["Unknown 100 0"],
        Classified(Moved(Ada, OtherPair, 100), key => new VaultDeposited(key, OtherPair, Ada, 100, 90)));

    [Fact]
    public void an_event_of_a_venue_without_its_tokens_is_nothing() => Assert.Empty(Classified(
        key => new SequencerWithdrawn(key, Locking, 1, 100),
        key => new VaultDeposited(key, Lst, Ada, 100, 90),
        key => new VaultWithdrawn(key, Lst, Ada, Ada, 100, 90),
        key => new SequencerLocked(key, Locking, Ada, 1, 100),
        key => new PoolMinted(key, Pair, Router, 100, 100),
        key => new PoolBurned(key, Pair, Ada, 100, 100),
        key => new BridgeWithdrawn(key, Bridge, Token, Ada, Ada, 100)));

    [Fact]
    public void a_withdrawal_closes_a_position() => Assert.Equal(
        ["Close 105 90"],
        Classified(
            Moved(Lst, Ada, Nobody, 90), Moved(Lst, Ada, 105), key => new VaultWithdrawn(key, Lst, Ada, Ada, 105, 90)));

    [Fact]
    public void a_withdrawal_through_a_router_closes_a_position() => Assert.Equal(
        ["Close 105 90"],
        Classified(
            Moved(Lst, Ada, Nobody, 90),
            Moved(Lst, Router, 105),
            key => new VaultWithdrawn(key, Lst, Router, Ada, 105, 90),
            Moved(Router, Ada, 105)));

    [Theory]
    [InlineData("stranger", "Unknown 105 0")]
    [InlineData("exchange", "ExchangeOut 105 0")]
    [InlineData("bridge", "BridgeOut 105 0")]
    [InlineData("treasury", "Return 105 0")]
    public void a_withdrawal_to_somebody_else_closes_and_leaves(string receiver, string left)
    {
        var to = receiver switch { "exchange" => Exchange, "bridge" => Bridge, "treasury" => Treasury, _ => Stranger };
        Assert.Equal(
            ["Close 105 90", left],
            Classified(
                Moved(Lst, Ada, Nobody, 90), Moved(Lst, to, 105), key => new VaultWithdrawn(key, Lst, to, Ada, 105, 90)));
    }

    [Fact]
    public void a_withdrawal_by_somebody_else_to_a_wallet_is_own_money() => Assert.Equal(
        ["OwnIn 105 0"],
        Classified(Moved(Lst, Ada, 105), key => new VaultWithdrawn(key, Lst, Ada, Stranger, 105, 90)));

    [Fact]
    public void a_lock_opens_one_for_one() => Assert.Equal(
        ["Open 100 100"],
        Classified(Moved(Ada, Locking, 100), key => new SequencerLocked(key, Locking, Ada, 1, 100)));

    [Fact]
    public void only_new_money_of_a_lock_counts() => Assert.Equal(
        ["Open 100 100"],
        Classified(Moved(Ada, Locking, 100), key => new SequencerLocked(key, Locking, Ada, 1, 130)));

    [Fact]
    public void a_lock_for_a_strangers_sequencer_is_unknown() => Assert.Equal(
        ["Unknown 100 0"],
        Classified(Moved(Ada, Locking, 100), key => new SequencerLocked(key, Locking, Stranger, 1, 100)));

    [Fact]
    public void what_comes_out_of_a_lock_closes_what_began_to_leave_it() =>
        Assert.Equal(["Close 100 0"], Classified(Moved(Locking, Ada, 100)));

    [Fact]
    public void liquidity_opens_with_the_tokens_side_and_the_pool_shares() => Assert.Equal(
        ["Open 100 44"],
        Classified(
            Moved(Ada, Pair, 100),
            Moved(Stable, Ada, Pair, 20),
            Moved(Pair, Nobody, Ada, 44),
            key => new PoolMinted(key, Pair, Router, 20, 100)));

    [Fact]
    public void liquidity_taken_out_closes_with_the_tokens_side() => Assert.Equal(
        ["Close 80 44"],
        Classified(
            Moved(Pair, Ada, Pair, 44),
            Moved(Pair, Pair, Nobody, 44),
            Moved(Pair, Ada, 80),
            Moved(Stable, Pair, Ada, 25),
            key => new PoolBurned(key, Pair, Ada, 25, 80)));

    [Fact]
    public void liquidity_taken_out_through_a_router_closes() => Assert.Equal(
        ["Close 80 44"],
        Classified(
            Moved(Pair, Ada, Pair, 44),
            Moved(Pair, Pair, Nobody, 44),
            Moved(Pair, Router, 80),
            Moved(Stable, Pair, Router, 25),
            key => new PoolBurned(key, Pair, Router, 25, 80),
            Moved(Router, Ada, 80),
            Moved(Stable, Router, Ada, 25)));

    [Fact]
    public void pool_shares_minted_to_a_stranger_leave_the_tokens_unknown() => Assert.Equal(
        ["Unknown 100 0"],
        Classified(
            Moved(Ada, Pair, 100), Moved(Pair, Nobody, Stranger, 44), key => new PoolMinted(key, Pair, Router, 20, 100)));

    [Fact]
    public void a_swap_for_another_token_is_a_sale() => Assert.Equal(
        ["Sale 100 0"],
        Classified(Moved(Ada, Router, 100), Moved(Router, OtherPair, 100), Moved(Stable, OtherPair, Ada, 17), Swapped(OtherPair)));

    [Fact]
    public void a_swap_whose_proceeds_are_not_seen_is_a_sale() =>
        Assert.Equal(["Sale 100 0"], Classified(Moved(Ada, OtherPair, 100), Swapped(OtherPair)));

    [Fact]
    public void a_sale_counts_what_was_not_refunded() => Assert.Equal(
        ["Sale 90 0"],
        Classified(
            Moved(Ada, Router, 100),
            Moved(Router, OtherPair, 90),
            Moved(Stable, OtherPair, Ada, 17),
            Swapped(OtherPair),
            Moved(Router, Ada, 10)));

    [Fact]
    public void a_sale_counts_what_did_not_come_back_from_another_pool() => Assert.Equal(
        ["Sale 70 0"],
        Classified(
            Moved(Ada, OtherPair, 100), Moved(Stable, OtherPair, Ada, 17), Swapped(OtherPair), Moved(Pair, Ada, 30), Swapped(Pair)));

    [Fact]
    public void what_comes_back_from_where_it_went_never_left() =>
        Assert.Equal(["Unknown 90 0"], Classified(Moved(Ada, Stranger, 100), Moved(Stranger, Ada, 10)));

    [Fact]
    public void a_swap_that_gained_nothing_is_no_sale_of_what_went_elsewhere() => Assert.Equal(
        ["Unknown 100 0"],
        Classified(
            Moved(Ada, Stranger, 100), Moved(Stable, Ada, OtherPair, 17), Moved(Stable, OtherPair, Ada, 10), Swapped(OtherPair)));

    [Fact]
    public void a_trade_with_one_hand_is_a_sale_without_a_pool() => Assert.Equal(
        ["Sale 100 0"], Classified(Moved(Ada, Stranger, 100), Moved(Stable, Stranger, Ada, 17)));

    [Fact]
    public void a_purchase_is_own_money() => Assert.Equal(
        ["OwnIn 100 0"], Classified(Moved(Stable, Ada, OtherPair, 17), Moved(OtherPair, Ada, 100), Swapped(OtherPair)));

    [Fact]
    public void a_return_in_a_transaction_with_a_sale_is_a_return() => Assert.Equal(
        ["Sale 100 0", "Return 900 0"],
        Classified(
            Moved(Ada, OtherPair, 100), Moved(Stable, OtherPair, Ada, 17), Swapped(OtherPair), Moved(Ada, Treasury, 900)));

    [Theory]
    [InlineData(0x80)]
    [InlineData(0x81)]
    [InlineData(0x22)]
    public void a_transfer_to_a_treasury_or_the_vault_is_a_return(int treasury) =>
        Assert.Equal(["Return 100 0"], Classified(Moved(Ada, Flows.AddressOf(treasury), 100)));

    [Fact]
    public void a_bridges_event_explains_the_burn() => Assert.Equal(
        ["BridgeOut 100 0"],
        Classified(Moved(Ada, Nobody, 100), key => new BridgeWithdrawn(key, OtherPair, Token, Ada, Stranger, 100)));

    [Fact]
    public void a_bridges_event_does_not_explain_a_transfer_elsewhere() => Assert.Equal(
        ["Return 100 0"],
        Classified(Moved(Ada, Treasury, 100), key => new BridgeWithdrawn(key, OtherPair, Token, Ada, Stranger, 100)));

    [Fact]
    public void labels_tell_bridges_and_exchanges() => Assert.Equal(
        ["BridgeOut 100 0", "ExchangeOut 50 0"], Classified(Moved(Ada, Bridge, 100), Moved(Ada, Exchange, 50)));

    [Fact]
    public void a_burn_that_no_bridge_explains_is_unknown() => Assert.Equal(
        ["Unknown 100 0"], Classified(Moved(Ada, Nobody, 100), Moved(Stable, Nobody, Ada, 100)));

    [Fact]
    public void shares_sold_for_another_token_are_a_sale() => Assert.Equal(
        ["SharesSold 0 90"],
        Classified(Moved(Lst, Ada, OtherPair, 90), Moved(Stable, OtherPair, Ada, 17), Swapped(OtherPair)));

    [Fact]
    public void shares_swapped_for_the_token_are_a_sale_with_proceeds() => Assert.Equal(
        ["SharesSold 99 90"],
        Classified(Moved(Lst, Ada, OtherPair, 90), Moved(OtherPair, Ada, 99), Swapped(OtherPair)));

    [Fact]
    public void shares_sent_to_a_stranger_have_left() =>
        Assert.Equal(["SharesOut 0 90"], Classified(Moved(Lst, Ada, Stranger, 90)));

    [Fact]
    public void shares_between_wallets_are_neutral() =>
        Assert.Equal(["Internal 0 90"], Classified(Moved(Lst, Ada, AdaCold, 90)));

    [Fact]
    public void whether_a_wallet_is_linked_decides()
    {
        Assert.Equal(["Unknown 100 0"], ClassifiedFor([Ada], Moved(Ada, AdaCold, 100)));
        Assert.Equal(["OwnIn 100 0"], ClassifiedFor([AdaCold], Moved(Ada, AdaCold, 100)));
    }

    [Fact]
    public void a_flow_names_its_wallet_counterparty_venue_and_log()
    {
        var logs = Transaction(5, Moved(Ada, Lst, 100), key => new VaultDeposited(key, Lst, Ada, 100, 90), Moved(Ada, Stranger, 3));
        var flows = Classification.Classify(logs, Scope(Ada));
        Assert.Equal<(Address, Address?, Address?, EventKey)>(
            [(Ada, null, Lst, logs[1].Key), (Ada, Stranger, null, logs[2].Key)], Places());

        IEnumerable<(Address, Address?, Address?, EventKey)> Places() =>
            flows.Select(flow => (flow.Wallet, flow.Counterparty, flow.Venue, flow.Evidence));
    }

    [Fact]
    public void an_observation_given_twice_counts_once()
    {
        var logs = Transaction(5, Moved(Ada, Stranger, 100));
        Assert.Equal(Classification.Classify(logs, Scope(Ada)), Classification.Classify([.. logs, .. logs], Scope(Ada)));
    }

    [Fact]
    public void any_transaction_is_classified_alike_in_any_order_with_ids_of_its_own() => Seeded.Check(
        Gen.Select(AnyLog.Array[1, 14], Gen.Int[0, 1_000]),
        sample =>
        {
            var logs = Transaction(5, sample.Item1);
            var flows = Classification.Classify(logs, Scope(Ada, AdaCold));
            var shuffled = logs.OrderBy(log => (log.Key.LogIndex * 7919) % (sample.Item2 + 2)).ToList();
            Assert.Equal(flows, Classification.Classify(shuffled, Scope(Ada, AdaCold)));
            Assert.Equal(flows.Count, flows.Select(flow => flow.Id).Distinct().Count());
        });

    [Fact]
    public void no_token_that_left_or_came_goes_unexplained() => Seeded.Check(AnyLog.Array[1, 14], all =>
    {
        var logs = Transaction(5, all);
        var flows = Classification.Classify(logs, Scope(Ada, AdaCold));
        var moved = logs.OfType<TokenTransferred>().Where(log => log.Token == Token).Sum(log => Net(log));
        Assert.Equal(moved, flows.Sum(Net));
    });

    private static readonly Gen<Address> AnyAddress =
        Gen.OneOf(Ada, AdaCold, Stranger, Router, Locking, Lst, Pair, OtherPair, Bridge, Exchange, Treasury, Vault, Nobody);

    private static readonly Gen<UInt256> AnyAmount = Gen.ULong[0, 4].Select(number => (UInt256)(number * 10));

    private static readonly Gen<Func<EventKey, Observation>> AnyLog =
        from number in Gen.Int[0, 16]
        from token in Gen.OneOf(Token, Token, Lst, Pair, Stable)
        from a in AnyAddress
        from b in AnyAddress
        from x in AnyAmount
        from y in AnyAmount
        select number switch
        {
            < 9 => Moved(token, a, b, x),
            9 => key => new VaultDeposited(key, Lst, a, x, y),
            10 => key => new VaultWithdrawn(key, Lst, a, b, x, y),
            11 => key => new SequencerLocked(key, Locking, a, 1, x),
            12 => key => new SequencerUnlockStarted(key, Locking, a, 1, x),
            13 => key => new PoolMinted(key, Pair, a, x, y),
            14 => key => new PoolBurned(key, Pair, a, x, y),
            15 => Swapped(a),
            _ => (Func<EventKey, Observation>)(key => new BridgeWithdrawn(key, Bridge, Token, a, b, x)),
        };

    private static bool IsOwn(Address address) => address == Ada || address == AdaCold;

    private static long Net(TokenTransferred log) =>
        (long)log.Amount * ((IsOwn(log.To) ? 1 : 0) - (IsOwn(log.From) ? 1 : 0));

    private static long Net(Flow flow) => flow.Kind switch
    {
        FlowKind.Release or FlowKind.OwnIn or FlowKind.Close or FlowKind.SharesSold => (long)flow.Amount,
        FlowKind.Internal or FlowKind.UnlockStarted or FlowKind.SharesIn or FlowKind.SharesOut => 0,
        _ => -(long)flow.Amount,
    };

    [Fact]
    public void tokens_that_reach_another_wallet_through_several_hands_were_never_gone() => Assert.Empty(Classified(
        Moved(Ada, Router, 100), Moved(Router, Stranger, 100), Moved(Stranger, OtherPair, 100), Moved(OtherPair, AdaCold, 100)));

    [Fact]
    public void what_a_hand_in_between_keeps_is_gone() => Assert.Equal(
        ["Unknown 40 0"],
        Classified(Moved(Ada, Router, 100), Moved(Router, Stranger, 60), Moved(Stranger, AdaCold, 60)));

    [Fact]
    public void two_ways_back_are_both_taken() => Assert.Equal(
        ["Unknown 10 0"],
        Classified(
            Moved(Ada, Router, 100),
            Moved(Router, Stranger, 30),
            Moved(Router, OtherPair, 60),
            Moved(Stranger, AdaCold, 30),
            Moved(OtherPair, Ada, 60)));

    [Fact]
    public void what_was_passed_on_before_it_came_is_somebody_elses() => Assert.Equal(
        ["OwnIn 100 0", "Unknown 100 0"],
        Classified(Moved(Router, Stranger, 100), Moved(Stranger, AdaCold, 100), Moved(Ada, Router, 100)));

    [Fact]
    public void tokens_do_not_pass_through_an_exchange_or_a_bridge() => Assert.Equal(
        ["ExchangeOut 100 0", "OwnIn 100 0"],
        Classified(Moved(Ada, Exchange, 100), Moved(Exchange, Stranger, 100), Moved(Stranger, AdaCold, 100)));

    [Fact]
    public void what_is_sold_and_bought_back_in_one_transaction_costs_what_the_pool_keeps() => Assert.Equal(
        ["Unknown 10 0"],
        Classified(
            Moved(Ada, Router, 100), Moved(Router, OtherPair, 100), Swapped(OtherPair), Moved(OtherPair, AdaCold, 90)));
}
