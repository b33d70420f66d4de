using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Streams;

/// <summary>
/// Streams of tokens that unlock over time, by Sablier Lockup (github.com/sablier-labs/lockup). A stream is an ERC-721 token of its
/// recipient. Amounts are base units, times are Unix seconds.
/// </summary>
public static class SablierLockup
{
    /// <summary>Sablier Lockup 4: a stream that unlocks in a line, in steps of the granularity in seconds.</summary>
    public static readonly AbiEvent CreateLockupLinearStream = AbiEvent.Parse(
        "event CreateLockupLinearStream(uint256 indexed streamId, (address funder, address sender, address recipient, "
        + "uint128 depositAmount, address token, bool cancelable, bool transferable, (uint40 start, uint40 end) timestamps, "
        + "string shape) commonParams, uint40 cliffTime, uint40 granularity, (uint128 start, uint128 cliff) unlockAmounts)");

    /// <inheritdoc cref="CreateLockupLinearStream"/>
    public sealed record CreateLockupLinearStreamLog(UInt256 StreamId, SablierTerms Terms) : ContractLog;

    /// <summary>Sablier Lockup 2 and 3: a stream that unlocks in a line, second by second.</summary>
    public static readonly AbiEvent CreateLockupLinearStreamV3 = AbiEvent.Parse(
        "event CreateLockupLinearStream(uint256 indexed streamId, (address funder, address sender, address recipient, "
        + "uint128 depositAmount, address token, bool cancelable, bool transferable, (uint40 start, uint40 end) timestamps, "
        + "string shape) commonParams, uint40 cliffTime, (uint128 start, uint128 cliff) unlockAmounts)");

    /// <inheritdoc cref="CreateLockupLinearStreamV3"/>
    public sealed record CreateLockupLinearStreamV3Log(UInt256 StreamId, SablierTerms Terms) : ContractLog;

    /// <summary>Sablier Lockup: a stream that unlocks along a curve of segments.</summary>
    public static readonly AbiEvent CreateLockupDynamicStream = AbiEvent.Parse(
        "event CreateLockupDynamicStream(uint256 indexed streamId, (address funder, address sender, address recipient, "
        + "uint128 depositAmount, address token, bool cancelable, bool transferable, (uint40 start, uint40 end) timestamps, "
        + "string shape) commonParams, (uint128 amount, uint64 exponent, uint40 timestamp)[] segments)");

    /// <inheritdoc cref="CreateLockupDynamicStream"/>
    public sealed record CreateLockupDynamicStreamLog(UInt256 StreamId, SablierTerms Terms) : ContractLog;

    /// <summary>Sablier Lockup: a stream that unlocks in tranches.</summary>
    public static readonly AbiEvent CreateLockupTranchedStream = AbiEvent.Parse(
        "event CreateLockupTranchedStream(uint256 indexed streamId, (address funder, address sender, address recipient, "
        + "uint128 depositAmount, address token, bool cancelable, bool transferable, (uint40 start, uint40 end) timestamps, "
        + "string shape) commonParams, (uint128 amount, uint40 timestamp)[] tranches)");

    /// <inheritdoc cref="CreateLockupTranchedStream"/>
    public sealed record CreateLockupTranchedStreamLog(UInt256 StreamId, SablierTerms Terms) : ContractLog;

    /// <summary>Sablier Lockup 4: the stream unlocks once an oracle answers with a price.</summary>
    public static readonly AbiEvent CreateLockupPriceGatedStream =
        AbiEvent.Parse("event CreateLockupPriceGatedStream(uint256 indexed streamId, address indexed oracle, uint128 targetPrice)");

    /// <inheritdoc cref="CreateLockupPriceGatedStream"/>
    public sealed record CreateLockupPriceGatedStreamLog(UInt256 StreamId, Address Oracle, UInt256 TargetPrice) : ContractLog;

    /// <summary>
    /// Sablier Lockup: a stream ended: what was not streamed went back to the sender, the rest waits for the recipient.
    /// </summary>
    public static readonly AbiEvent CancelLockupStream = AbiEvent.Parse(
        "event CancelLockupStream(uint256 streamId, address indexed sender, address indexed recipient, address indexed token, "
        + "uint128 senderAmount, uint128 recipientAmount)");

    /// <inheritdoc cref="CancelLockupStream"/>
    public sealed record CancelLockupStreamLog(
        UInt256 StreamId, Address Sender, Address Recipient, Address Token, UInt256 SenderAmount, UInt256 RecipientAmount) : ContractLog;

    /// <summary>Sablier Lockup: nobody can cancel a stream any more.</summary>
    public static readonly AbiEvent RenounceLockupStream = AbiEvent.Parse("event RenounceLockupStream(uint256 indexed streamId)");

    /// <inheritdoc cref="RenounceLockupStream"/>
    public sealed record RenounceLockupStreamLog(UInt256 StreamId) : ContractLog;

    /// <summary>Sablier Lockup: base units of a stream were paid to an account.</summary>
    public static readonly AbiEvent WithdrawFromLockupStream = AbiEvent.Parse(
        "event WithdrawFromLockupStream(uint256 indexed streamId, address indexed to, address indexed token, uint128 amount)");

    /// <inheritdoc cref="WithdrawFromLockupStream"/>
    public sealed record WithdrawFromLockupStreamLog(UInt256 StreamId, Address To, Address Token, UInt256 Amount) : ContractLog;

    /// <summary>Sablier Lockup: one of many streams was not canceled although the transaction succeeded.</summary>
    public static readonly AbiEvent InvalidStreamInCancelMultiple =
        AbiEvent.Parse("event InvalidStreamInCancelMultiple(uint256 indexed streamId, bytes revertData)");

    /// <inheritdoc cref="InvalidStreamInCancelMultiple"/>
    public sealed record InvalidStreamInCancelMultipleLog(UInt256 StreamId, byte[] RevertData) : ContractLog;

    /// <summary>Sablier Lockup: one of many streams was not paid although the transaction succeeded.</summary>
    public static readonly AbiEvent InvalidWithdrawalInWithdrawMultiple =
        AbiEvent.Parse("event InvalidWithdrawalInWithdrawMultiple(uint256 indexed streamId, bytes revertData)");

    /// <inheritdoc cref="InvalidWithdrawalInWithdrawMultiple"/>
    public sealed record InvalidWithdrawalInWithdrawMultipleLog(UInt256 StreamId, byte[] RevertData) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(CreateLockupLinearStream, v => new CreateLockupLinearStreamLog(v.Amount(0), SablierTerms.Of(v))),
        LogType.Of(CreateLockupLinearStreamV3, v => new CreateLockupLinearStreamV3Log(v.Amount(0), SablierTerms.Of(v))),
        LogType.Of(CreateLockupDynamicStream, v => new CreateLockupDynamicStreamLog(v.Amount(0), SablierTerms.Of(v))),
        LogType.Of(CreateLockupTranchedStream, v => new CreateLockupTranchedStreamLog(v.Amount(0), SablierTerms.Of(v))),
        LogType.Of(CreateLockupPriceGatedStream, v => new CreateLockupPriceGatedStreamLog(v.Amount(0), v.Address(1), v.Amount(2))),
        LogType.Of(
            CancelLockupStream,
            v => new CancelLockupStreamLog(v.Amount(0), v.Address(1), v.Address(2), v.Address(3), v.Amount(4), v.Amount(5))),
        LogType.Of(RenounceLockupStream, v => new RenounceLockupStreamLog(v.Amount(0))),
        LogType.Of(WithdrawFromLockupStream, v => new WithdrawFromLockupStreamLog(v.Amount(0), v.Address(1), v.Address(2), v.Amount(3))),
        LogType.Of(InvalidStreamInCancelMultiple, v => new InvalidStreamInCancelMultipleLog(v.Amount(0), v.Bytes(1))),
        LogType.Of(InvalidWithdrawalInWithdrawMultiple, v => new InvalidWithdrawalInWithdrawMultipleLog(v.Amount(0), v.Bytes(1))));
}
