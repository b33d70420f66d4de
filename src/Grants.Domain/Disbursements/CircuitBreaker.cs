using Grants.Primitives;

namespace Grants.Domain.Disbursements;

/// <summary>What the breakers look at. Times are whole seconds; null where there is nothing to measure.</summary>
/// <param name="RevertsInAnHour">Transactions of ours that reverted.</param>
/// <param name="SpentInTenMinutes">Of each token that has limits, in base units.</param>
/// <param name="LongestUnfinalized">Since the oldest transaction was signed that is in a block and not final.</param>
/// <param name="SinceNodeAnswered">Since the sender's last whole look at the chain.</param>
/// <param name="SinceReconciled">Since chain, ledger and signer were last compared.</param>
/// <param name="ClockOffset">Between the service and its database, either way.</param>
/// <param name="GasMoney">What the operator's account has for gas, in wei; null where nobody knows.</param>
/// <param name="LeastGasMoney">Below it a person is asked to fill it up, in wei.</param>
/// <param name="Stuck">Nonces that are in no block, with the seconds since they were last signed.</param>
/// <param name="Failed">Orders that wait for a person, with what they failed of.</param>
public sealed record TreasuryFacts(
    int RevertsInAnHour,
    ValueList<SpentOfToken> SpentInTenMinutes,
    long? LongestUnfinalized,
    long? SinceNodeAnswered,
    long? SinceReconciled,
    long ClockOffset,
    UInt256? GasMoney,
    UInt256 LeastGasMoney,
    ValueList<StuckNonce> Stuck,
    ValueList<FailedOrder> Failed)
{
    /// <summary>Since too few of the chain's nodes have the block that the ledger rests on; null where enough do.</summary>
    public long? WithoutQuorum { get; init; }

    /// <summary>Since whoever holds the key was first asked in vain; null where it answered last.</summary>
    public long? SignerSilent { get; init; }
}

/// <param name="Seconds">Since its last attempt was signed.</param>
public sealed record StuckNonce(long Nonce, long Seconds);

/// <param name="Times">How many nonces it had: each failure is one of its own.</param>
public sealed record FailedOrder(Hash32 OrderId, int Times, string Reason);

/// <param name="Amount">Base units.</param>
/// <param name="MostPerDay">The token's limit, in base units.</param>
public sealed record SpentOfToken(Address Token, UInt256 Amount, UInt256 MostPerDay);

/// <summary>When the treasury stops by itself.</summary>
public static class CircuitBreaker
{
    public const int MostRevertsInAnHour = 3;

    public const int MostPercentOfDayInTenMinutes = 80;

    public const long LongestFinality = 900;

    public const long LongestSilenceOfNode = 300;

    public const long LongestWithoutReconciliation = 180;

    public const long LongestWithoutQuorum = 300;

    public const long LongestSilenceOfSigner = 120;

    public const long LargestClockOffset = 2;

    public const long LongestInNoBlock = 300;

    /// <summary>Each breaker that is tripped, with what it is about and a sentence.</summary>
    public static IEnumerable<(IncidentKind Kind, string Subject, string What)> Tripped(TreasuryFacts facts)
    {
        if (facts.RevertsInAnHour > MostRevertsInAnHour)
            yield return (IncidentKind.Reverts, "treasury", $"{facts.RevertsInAnHour} transactions reverted within an hour.");
        foreach (var spent in facts.SpentInTenMinutes.Where(IsRush))
            yield return (
                IncidentKind.Spending,
                $"{spent.Token}",
                $"{spent.Amount} of {spent.Token} were paid within ten minutes; the limit of a day is {spent.MostPerDay}.");
        if (facts.LongestUnfinalized > LongestFinality)
            yield return (IncidentKind.LateFinality, "chain", $"A mined transaction is not final after {facts.LongestUnfinalized} s.");
        if (facts.SinceNodeAnswered > LongestSilenceOfNode)
            yield return (IncidentKind.SilentNode, "node", $"The node has not answered for {facts.SinceNodeAnswered} s.");
        if (facts.WithoutQuorum > LongestWithoutQuorum)
            yield return (
                IncidentKind.QuorumLost,
                "chain",
                $"Too few nodes have had the final block that the ledger rests on, for {facts.WithoutQuorum} s.");
        if (facts.SignerSilent > LongestSilenceOfSigner)
            yield return (IncidentKind.SilentSigner, "operator", $"Who holds the key has given no signature for {facts.SignerSilent} s.");
        if (facts.SinceReconciled > LongestWithoutReconciliation)
            yield return (
                IncidentKind.SilentReconciliation, "treasury", $"Nothing was compared for {facts.SinceReconciled} s.");
        if (facts.ClockOffset > LargestClockOffset)
            yield return (IncidentKind.Clock, "service", $"The clocks of service and database differ by {facts.ClockOffset} s.");
        foreach (var order in OfPayments(facts))
            yield return order;
    }

    private static IEnumerable<(IncidentKind Kind, string Subject, string What)> OfPayments(TreasuryFacts facts)
    {
        if (facts.GasMoney is { } money && money < facts.LeastGasMoney)
            yield return (IncidentKind.GasMoney, "operator", $"The operator has {money} wei for gas, less than {facts.LeastGasMoney}.");
        foreach (var stuck in facts.Stuck.Where(one => one.Seconds > LongestInNoBlock))
            yield return (
                IncidentKind.Stuck,
                $"nonce/{stuck.Nonce}",
                $"Nonce {stuck.Nonce} is in no block {stuck.Seconds} s after it was last signed.");
        foreach (var failed in facts.Failed)
            yield return (IncidentKind.Failure, $"{failed.OrderId}/{failed.Times}", $"Order {failed.OrderId} failed: {failed.Reason}");
    }

    private static bool IsRush(SpentOfToken spent) =>
        !spent.Amount.IsZero && spent.Amount > UInt256.MulDiv(spent.MostPerDay, MostPercentOfDayInTenMinutes, 100);
}
