using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Staking;

/// <summary>
/// A staking lock whose positions are ERC-721 tokens: NFTPool of Camelot and its forks, Hercules among them
/// (github.com/CamelotLabs/core). The owner of a position is whose token it is. Amounts are base units, durations are seconds.
/// </summary>
public static class NftPool
{
    /// <summary>
    /// Camelot NFTPool: a position was made with an amount, locked for a duration; a Transfer from the zero address names the owner.
    /// </summary>
    public static readonly AbiEvent CreatePosition =
        AbiEvent.Parse("event CreatePosition(uint256 indexed tokenId, uint256 amount, uint256 lockDuration)");

    /// <inheritdoc cref="CreatePosition"/>
    public sealed record CreatePositionLog(UInt256 TokenId, UInt256 Amount, UInt256 LockDuration) : ContractLog;

    /// <summary>Camelot NFTPool: a user added an amount to a position.</summary>
    public static readonly AbiEvent AddToPosition =
        AbiEvent.Parse("event AddToPosition(uint256 indexed tokenId, address user, uint256 amount)");

    /// <inheritdoc cref="AddToPosition"/>
    public sealed record AddToPositionLog(UInt256 TokenId, Address User, UInt256 Amount) : ContractLog;

    /// <summary>Camelot NFTPool: an amount left a position for its owner.</summary>
    public static readonly AbiEvent WithdrawFromPosition =
        AbiEvent.Parse("event WithdrawFromPosition(uint256 indexed tokenId, uint256 amount)");

    /// <inheritdoc cref="WithdrawFromPosition"/>
    public sealed record WithdrawFromPositionLog(UInt256 TokenId, UInt256 Amount) : ContractLog;

    /// <summary>Camelot NFTPool: an amount left a position for its owner, whose rewards are forfeited.</summary>
    public static readonly AbiEvent EmergencyWithdraw =
        AbiEvent.Parse("event EmergencyWithdraw(uint256 indexed tokenId, uint256 amount)");

    /// <inheritdoc cref="EmergencyWithdraw"/>
    public sealed record EmergencyWithdrawLog(UInt256 TokenId, UInt256 Amount) : ContractLog;

    /// <summary>Camelot NFTPool: a position is locked for a duration from now on.</summary>
    public static readonly AbiEvent LockPosition = AbiEvent.Parse("event LockPosition(uint256 indexed tokenId, uint256 lockDuration)");

    /// <inheritdoc cref="LockPosition"/>
    public sealed record LockPositionLog(UInt256 TokenId, UInt256 LockDuration) : ContractLog;

    /// <summary>ERC-721: a position went from one account to another; from the zero address it was made.</summary>
    public static readonly AbiEvent Transfer =
        AbiEvent.Parse("event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)");

    /// <inheritdoc cref="Transfer"/>
    public sealed record TransferLog(Address From, Address To, UInt256 TokenId) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(CreatePosition, v => new CreatePositionLog(v.Amount(0), v.Amount(1), v.Amount(2))),
        LogType.Of(AddToPosition, v => new AddToPositionLog(v.Amount(0), v.Address(1), v.Amount(2))),
        LogType.Of(WithdrawFromPosition, v => new WithdrawFromPositionLog(v.Amount(0), v.Amount(1))),
        LogType.Of(EmergencyWithdraw, v => new EmergencyWithdrawLog(v.Amount(0), v.Amount(1))),
        LogType.Of(LockPosition, v => new LockPositionLog(v.Amount(0), v.Amount(1))),
        LogType.Of(Transfer, v => new TransferLog(v.Address(0), v.Address(1), v.Amount(2))));
}
