using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment.Watching;

public sealed class WatchListSpecs
{
    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch;

    private static readonly PolicyVenue Fresh = new(Flows.AddressOf(0x30), VenueKind.Vault, new(10_000), new(10_000), 0);

    private static readonly ListVenue ListFresh = new(Fresh, 10, "It was audited.", Ada, 100, At);

    private static readonly VenueListed Listed = new(1, Fresh, 10, "It was audited.", Ada, At);

    private static readonly LabelAddress Label = new(
        new LabelledAddress(Stranger, AddressKind.Exchange), "Its own list.", new(9_500), 20, Ada, 100, At);

    private static readonly AddressLabelled Labelled = new(2, Label.Label, "Its own list.", new(9_500), 20, Ada, At);

    [Fact]
    public void a_venue_is_listed_once() => Given().When(Listing(ListFresh)).Then(Listed);

    [Fact]
    public void the_same_venue_on_other_terms_is_the_next_version() => Given(Listed)
        .When(Listing(ListFresh with { FromBlock = 30 }))
        .Then(Listed with { Version = 2, FromBlock = 30 });

    [Fact]
    public void an_address_is_labelled_with_who_says_so() => Given(Listed).When(Labelling(Label)).Then(Labelled);

    [Fact]
    public void nothing_is_listed_for_blocks_to_come_or_without_a_reason()
    {
        Given().When(Listing(ListFresh with { FromBlock = 101 })).ThenRejected("INVALID_VALUE");
        Given().When(Listing(ListFresh with { FromBlock = -1 })).ThenRejected("INVALID_VALUE");
        Given().When(Listing(ListFresh with { Reason = " " })).ThenRejected("INVALID_VALUE");
        Given().When(Listing(ListFresh with { Venue = Fresh with { Address = Address.Zero } })).ThenRejected("INVALID_VALUE");
        Given().When(Labelling(Label with { Source = string.Empty })).ThenRejected("INVALID_VALUE");
        Given().When(Labelling(Label with { Label = Label.Label with { Kind = (AddressKind)99 } })).ThenRejected("INVALID_VALUE");
    }

    [Fact]
    public void what_counts_depends_on_block_and_confidence_and_the_last_word_on_an_address()
    {
        ValueList<WatchEntry> Entries(params object[] events) =>
            events.Aggregate((WatchList?)null, WatchList.Evolve)!.EntriesOf(events.Length);
        var entries = Entries(Listed, Labelled, Labelled with { Version = 3, Label = new(Stranger, AddressKind.Treasury), FromBlock = 40 });
        Assert.Null(WatchList.On(Policy, entries, 9).VenueAt(Fresh.Address));
        Assert.Equal(Fresh, WatchList.On(Policy, entries, 10).VenueAt(Fresh.Address));
        Assert.Equal(AddressKind.Exchange, WatchList.On(Policy, entries, 39).LabelOf(Stranger));
        Assert.Equal(AddressKind.Treasury, WatchList.On(Policy, entries, 40).LabelOf(Stranger));
        Assert.Null(WatchList.On(Policy, Entries(Labelled with { Version = 1, Confidence = new(8_999) })).LabelOf(Stranger));
    }

    [Fact]
    public void what_a_policy_names_is_never_overridden()
    {
        ValueList<WatchEntry> entries = [new(0, Label: new LabelledAddress(Lst, AddressKind.Exchange))];
        Assert.Same(Policy, WatchList.On(Policy, entries));
    }

    private static Spec<WatchList> Given(params object[] events) => new Spec<WatchList>(WatchList.Evolve).Given(events);

    private static Func<WatchList?, Decision> Listing(ListVenue command) => state => WatchList.Decide(command, state);

    private static Func<WatchList?, Decision> Labelling(LabelAddress command) => state => WatchList.Decide(command, state);
}
