using Grants.Domain.VotingPower.Strategies;
using Grants.Domain;

namespace Grants.Service.VotingPower.Reading;

/// <summary>What reading a strategy came to: the power, or why it cannot be told.</summary>
internal readonly record struct StrategyReading(StrategyPower? Power, Rejection? Rejection)
{
    public static implicit operator StrategyReading(StrategyPower power) => new(power, null);

    public static implicit operator StrategyReading(Rejection rejection) => new(null, rejection);
}
