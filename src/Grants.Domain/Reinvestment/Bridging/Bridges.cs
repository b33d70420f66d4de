using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Bridging;

/// <summary>
/// What goes over a bridge to the other chain, and what comes out there. To a wallet of the award on the other side it is on its way; to
/// anybody else it is gone. It has come out where the bridge itself says from whom and to whom.
/// </summary>
internal static class Bridges
{
    public static void Classify(List<Observation> observations, TransactionLegs transaction, AwardScope scope)
    {
        foreach (var bridge in observations.OfType<BridgeWithdrawn>().Where(transaction.Concerns))
        {
            if (transaction.Leaving().FirstOrDefault(leg =>
                leg.From == bridge.From && (leg.To == bridge.Bridge || leg.To.IsZero) && leg.Left >= bridge.Amount) is { } leg)
                Leave(bridge, leg, transaction, scope);
        }

        foreach (var landed in observations.OfType<BridgeLanded>().Where(landed => landed.Token == scope.Token
            && transaction.LabelOf(landed.Bridge) == AddressKind.Bridge && scope.WalletsElsewhere.Contains(landed.From)))
        {
            if (transaction.Arriving().FirstOrDefault(leg => leg.To == landed.To && leg.Left == landed.Amount
                && (leg.From == landed.Bridge || leg.From.IsZero)) is { } leg)
                transaction.AddLeg(FlowKind.BridgeIn, leg, "Came over the bridge from the award's own wallet on the other chain.");
        }

        foreach (var leg in transaction.Leaving().ToList())
        {
            var label = transaction.LabelOf(leg.To);
            if (label == AddressKind.Bridge)
                transaction.AddLeg(FlowKind.BridgeOut, leg, "Sent to an address labelled as a bridge.");
            else if (label == AddressKind.Exchange)
                transaction.AddLeg(FlowKind.ExchangeOut, leg, "Sent to an address labelled as an exchange.");
        }
    }

    private static void Leave(BridgeWithdrawn bridge, Leg leg, TransactionLegs transaction, AwardScope scope)
    {
        leg.Take(bridge.Amount);
        var isOnItsWay = scope.WalletsElsewhere.Contains(bridge.To) && transaction.LabelOf(bridge.Bridge) == AddressKind.Bridge;
        transaction.Add(
            FlowKind.BridgeOut,
            bridge.Key,
            bridge.From,
            isOnItsWay ? bridge.To : bridge.Bridge,
            null,
            bridge.Amount,
            UInt256.Zero,
            isOnItsWay ? "A bridge took it for the award's own wallet on the other chain." : "A bridge took it.");
    }
}
