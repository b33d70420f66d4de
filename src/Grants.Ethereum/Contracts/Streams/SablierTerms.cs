using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Streams;

/// <summary>What every stream of Sablier Lockup has, of whatever shape (github.com/sablier-labs/lockup, CreateEventCommon).</summary>
/// <param name="Sender">Who can cancel it, and gets back what is not streamed.</param>
/// <param name="Recipient">Who is paid, as long as the stream's token is not passed on.</param>
/// <param name="Deposit">Base units of the token.</param>
/// <param name="Token">The token that is streamed.</param>
/// <param name="IsCancelable">Whether the sender can cancel it.</param>
/// <param name="IsTransferable">Whether the recipient can pass it on.</param>
/// <param name="StartAt">Unix seconds.</param>
/// <param name="EndAt">Unix seconds.</param>
public sealed record SablierTerms(
    Address Sender, Address Recipient, UInt256 Deposit, Address Token, bool IsCancelable, bool IsTransferable, long StartAt, long EndAt)
{
    internal static SablierTerms Of(object[] values)
    {
        var terms = (object[])values[1];
        var times = (object[])terms[7];
        return new SablierTerms(
            terms.Address(1),
            terms.Address(2),
            terms.Amount(3),
            terms.Address(4),
            terms.Flag(5),
            terms.Flag(6),
            times.Long(0),
            times.Long(1));
    }
}
