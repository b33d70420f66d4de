using System.Text.Json.Serialization;
using Grants.Domain.Reinvestment.Bridging;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Watching;

/// <summary>What became of tokens that were followed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FollowedOutcome>))]
public enum FollowedOutcome
{
    /// <summary>Somebody else has them, and they are followed on.</summary>
    PassedOn = 0,

    /// <summary>They were passed on as often as the policy follows, or went where nobody comes back from: they count as gone.</summary>
    Gone = 1,

    /// <summary>Who got them passed them on to an exchange within a day: it is the exchange's, from here on.</summary>
    Exchange = 2,

    /// <summary>They went over a bridge and did not come out on the other side in time.</summary>
    NotLanded = 3,
}

/// <summary>Who has what went to somebody unknown.</summary>
/// <param name="Left">With which it left the award's wallets.</param>
/// <param name="Hops">How often it was passed on since.</param>
/// <param name="Block">Since which block of their chain the holder has it.</param>
/// <param name="LogIndex">And since which log of it.</param>
public sealed record Trail(FlowClassified Left, Address Holder, int Hops, long Block, int LogIndex)
{
    [JsonIgnore]
    public string FlowId => Left.Flow.Id;
}

/// <summary>Where what went to somebody unknown, or over a bridge, is followed, and the exchanges that it led to.</summary>
/// <param name="Exchanges">Derived: who passed nearly all on to a known exchange. What the space lists is the last word.</param>
public sealed record Pursuit(ValueList<Trail> Trails, ValueList<WatchEntry> Exchanges)
{
    public static Pursuit None { get; } = new([], []);

    internal Pursuit After(FlowClassified classified) =>
        classified.Flow is { CountsFrom: not null, Counterparty: { } holder, Kind: FlowKind.Unknown or FlowKind.BridgeOut } flow
            ? this with { Trails = [.. Trails, new Trail(classified, holder, 0, flow.Evidence.BlockNumber, flow.Evidence.LogIndex)] }
            : this;

    internal Pursuit After(FollowedFlowMoved moved)
    {
        var rest = Without(moved.FlowId);
        return moved.Outcome switch
        {
            FollowedOutcome.PassedOn when Trails.FirstOrDefault(trail => trail.FlowId == moved.FlowId) is { } trail => rest with
            {
                Trails =
                [
                    .. rest.Trails,
                    trail with
                    {
                        Holder = moved.To, Hops = moved.Hops, Block = moved.Evidence.BlockNumber, LogIndex = moved.Evidence.LogIndex,
                    },
                ],
            },
            // What is known of an address is known of the chain that pays alone.
            FollowedOutcome.Exchange when !moved.IsElsewhere => rest with
            {
                Exchanges =
                [
                    .. rest.Exchanges,
                    new WatchEntry(moved.Block.Number, Label: new LabelledAddress(moved.From, AddressKind.Exchange)),
                ],
            },
            _ => rest,
        };
    }

    internal Pursuit Without(string flowId) =>
        Trails.Any(trail => trail.FlowId == flowId) ? this with { Trails = [.. Trails.Where(trail => trail.FlowId != flowId)] } : this;

    /// <summary>Without what the ledger does not follow any more.</summary>
    internal Pursuit Of(Ledger ledger) => Trails.All(trail => ledger.IsFollowed(trail.FlowId))
        ? this
        : this with { Trails = [.. Trails.Where(trail => ledger.IsFollowed(trail.FlowId))] };
}

/// <summary>Tokens that are followed were passed on.</summary>
/// <param name="FlowId">The flow with which they left the award's wallets.</param>
/// <param name="From">Who had them.</param>
/// <param name="To">Who has them now.</param>
/// <param name="Hops">How often they were passed on by now.</param>
/// <param name="InLedger">
/// Whether the ledger knows who has them, so that what comes back from there was never gone. In events of before it did not, nor does it
/// on another chain.
/// </param>
public sealed record FollowedFlowMoved(
    Hash32 AwardId,
    string FlowId,
    Address From,
    Address To,
    int Hops,
    FollowedOutcome Outcome,
    EventKey Evidence,
    BlockRef Block,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool InLedger = false)
{
    /// <summary>Whether it was on the other chain: the block is the last one of the chain that pays by then.</summary>
    [JsonIgnore]
    public bool IsElsewhere => Evidence.BlockHash != Block.Hash;
}

internal static class Following
{
    /// <summary>Who passes on so much of what they got has passed it on: the rest pays for that.</summary>
    private static readonly BasisPoints NearlyAll = new(9_500);

    private const long Day = 86_400;

    /// <summary>A flow to somebody unknown counts only after a while, where the policy says so and there is somebody.</summary>
    public static Flow Of(Flow flow, ReinvestmentPolicy policy, long at) =>
        policy.Unknowns is { } unknowns && flow.Kind is FlowKind.Unknown or FlowKind.SharesOut && flow.Counterparty is not { IsZero: true }
            ? flow with { CountsFrom = at + unknowns.Seconds }
            : flow;

    /// <summary>What a transaction does with tokens that are followed, those that it is the first to send included.</summary>
    public static IEnumerable<object> Moves(
        RecordTransaction command, ReinvestmentMonitor state, AwardScope scope, Ledger ledger, IReadOnlyList<FlowClassified> flows)
    {
        var pursuit = flows.Aggregate(state.Pursuit, (before, flow) => before.After(flow)).Of(ledger);
        if (scope.Policy.Unknowns is not { } unknowns || pursuit.Trails.Count == 0)
            yield break;
        var legs = command.Observations.OfType<TokenTransferred>()
            .Where(leg => leg.Token == scope.Token && !leg.Amount.IsZero && !scope.Owns(leg.To) && leg.To != scope.Treasury)
            .OrderBy(leg => leg.Key.LogIndex)
            .ToList();
        foreach (var begun in pursuit.Trails.Where(trail => trail.Left.Flow.Kind == FlowKind.Unknown
            && trail.Left.Flow.Evidence.ChainId == command.Observations[0].Key.ChainId))
        {
            for (var trail = begun; Next(trail, legs) is { } leg;)
            {
                var moved = Moved(command, trail, leg, scope.Policy.LabelOf(leg.To), unknowns);
                yield return moved;
                if (moved.Outcome == FollowedOutcome.Exchange)
                    yield return Reclassified(trail.Left, moved, state.ListVersion);
                if (moved.Outcome != FollowedOutcome.PassedOn)
                    break;
                trail = trail with { Holder = leg.To, Hops = moved.Hops, Block = leg.Key.BlockNumber, LogIndex = leg.Key.LogIndex };
            }
        }
    }

    /// <param name="ledger">The state's, at the time of the event.</param>
    public static ReinvestmentMonitor Evolve(ReinvestmentMonitor state, FollowedFlowMoved moved, Ledger ledger) =>
        !state.Ledger.IsFollowed(moved.FlowId)
            ? state with { Pursuit = state.Pursuit.Without(moved.FlowId) }
            : state with
            {
                Pursuit = state.Pursuit.After(moved),
                Ledger = moved.Outcome switch
                {
                    FollowedOutcome.PassedOn => moved.InLedger ? ledger.PassOn(moved.FlowId, moved.To) : ledger,
                    FollowedOutcome.Exchange => ledger.Settle(moved.FlowId, FlowKind.ExchangeOut),
                    FollowedOutcome.NotLanded => ledger.Settle(moved.FlowId, FlowKind.BridgeOut),
                    _ => ledger.Settle(moved.FlowId, FlowKind.Unknown),
                },
                FlowsSinceCheckpoint = state.FlowsSinceCheckpoint + 1,
            };

    /// <summary>The flow as it is told once it is known where it went.</summary>
    public static FlowClassified ToldAgain(FlowClassified left, FollowedFlowMoved moved) =>
        moved.Outcome == FollowedOutcome.NotLanded ? Crossings.Gone(left) : ToExchange(left, moved);

    private static FlowClassified ToExchange(FlowClassified left, FollowedFlowMoved moved) => left with
    {
        Flow = left.Flow with
        {
            Kind = FlowKind.ExchangeOut,
            CountsFrom = null,
            Why = $"{moved.From} passed it on to the exchange {moved.To} within a day.",
        },
    };

    private static FlowReclassified Reclassified(FlowClassified left, FollowedFlowMoved moved, int version) => new(
        moved.AwardId,
        version,
        left.Flow,
        ToExchange(left, moved).Flow,
        left.Granted,
        left.Block,
        moved.Block,
        left.WithFlashLoan,
        left.InOwnPool);

    // The transfer with which the holder has passed on nearly all of what came: what is sent in pieces over days, time counts.
    private static TokenTransferred? Next(Trail trail, IReadOnlyList<TokenTransferred> legs)
    {
        var (asked, passed) = (NearlyAll.OfAmount(trail.Left.Flow.Amount), UInt256.Zero);
        foreach (var leg in legs.Where(leg => leg.From == trail.Holder
            && (leg.Key.BlockNumber, leg.Key.LogIndex).CompareTo((trail.Block, trail.LogIndex)) > 0))
        {
            passed += leg.Amount;
            if (passed >= asked)
                return leg;
        }

        return null;
    }

    private static FollowedFlowMoved Moved(
        RecordTransaction command, Trail trail, TokenTransferred leg, AddressKind? label, PolicyUnknowns unknowns)
    {
        var hops = trail.Hops + 1;
        var isInTime = command.ToldAt.TimestampSeconds - trail.Left.Block.TimestampSeconds <= Day;
        var outcome = label switch
        {
            AddressKind.Exchange when hops == 1 && isInTime => FollowedOutcome.Exchange,
            AddressKind.Exchange or AddressKind.Bridge => FollowedOutcome.Gone,
            _ => leg.To.IsZero || hops >= unknowns.Hops ? FollowedOutcome.Gone : FollowedOutcome.PassedOn,
        };
        return new FollowedFlowMoved(
            command.AwardId, trail.FlowId, leg.From, leg.To, hops, outcome, leg.Key, command.ToldAt,
            InLedger: outcome == FollowedOutcome.PassedOn && leg.Key.BlockHash == command.ToldAt.Hash);
    }
}
