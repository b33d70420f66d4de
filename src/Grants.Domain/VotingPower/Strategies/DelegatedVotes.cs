using System.Numerics;
using Grants.Primitives;

namespace Grants.Domain.VotingPower.Strategies;

/// <summary>A delegate's votes changed, in chain order.</summary>
/// <param name="Delegate">Whose votes.</param>
/// <param name="Previous">Base units before.</param>
/// <param name="Votes">Base units after.</param>
public sealed record VotesChange(Address Delegate, UInt256 Previous, UInt256 Votes);

/// <summary>
/// Strategy <c>erc20-votes</c> (ERC-5805, OpenZeppelin Contracts 4.2 to 5.x ERC20Votes, Compound's COMP): an account's power is what
/// its last <c>DelegateVotesChanged</c> up to the block says: <c>getVotes</c> at the end of that block, and later <c>getPastVotes</c> of
/// the block's number or time, as the token's clock has it. (Where blocks share a second, <c>getPastVotes</c> is that of the last of
/// them.) Who has not delegated, not even to itself, has no votes. The supply is the token's. Exact.
/// </summary>
public static class DelegatedVotes
{
    /// <summary>Folds all changes from the token's deployment on, in chain order.</summary>
    /// <param name="changes">Of all delegates.</param>
    /// <param name="supply">The token's, base units.</param>
    /// <returns>Null where a change does not follow on the one before it, or there are more votes than tokens.</returns>
    public static StrategyPower? Of(IEnumerable<VotesChange> changes, UInt256 supply)
    {
        var votes = new Dictionary<Address, UInt256>();
        foreach (var change in changes)
        {
            if (votes.GetValueOrDefault(change.Delegate) != change.Previous)
                return null;
            votes[change.Delegate] = change.Votes;
        }

        votes.Remove(Address.Zero);
        var all = votes.Values.Aggregate(BigInteger.Zero, (sum, one) => sum + one.ToBigInteger());
        return all > supply.ToBigInteger() ? null : new StrategyPower(votes, supply);
    }
}
