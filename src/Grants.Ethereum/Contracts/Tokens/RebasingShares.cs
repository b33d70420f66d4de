using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Tokens;

/// <summary>
/// A staked token whose balances move without a Transfer, as Lido has it (github.com/lidofinance/core, stETH and its withdrawal
/// queue): accounts hold shares, and only shares add up.
/// </summary>
public static class RebasingShares
{
    /// <summary>Lido: an account staked an amount of the native token, in wei.</summary>
    public static readonly AbiEvent Submitted =
        AbiEvent.Parse("event Submitted(address indexed sender, uint256 amount, address referral)");

    /// <inheritdoc cref="Submitted"/>
    public sealed record SubmittedLog(Address Sender, UInt256 Amount, Address Referral) : ContractLog;

    /// <summary>Lido: shares went from one account to another, beside the Transfer of what they stand for.</summary>
    public static readonly AbiEvent TransferShares =
        AbiEvent.Parse("event TransferShares(address indexed from, address indexed to, uint256 sharesValue)");

    /// <inheritdoc cref="TransferShares"/>
    public sealed record TransferSharesLog(Address From, Address To, UInt256 SharesValue) : ContractLog;

    /// <summary>
    /// Lido: shares of an account were burnt. The amounts are what they stood for before and after; no Transfer tells of it.
    /// </summary>
    public static readonly AbiEvent SharesBurnt = AbiEvent.Parse(
        "event SharesBurnt(address indexed account, uint256 preRebaseTokenAmount, uint256 postRebaseTokenAmount, uint256 sharesAmount)");

    /// <inheritdoc cref="SharesBurnt"/>
    public sealed record SharesBurntLog(
        Address Account, UInt256 PreRebaseTokenAmount, UInt256 PostRebaseTokenAmount, UInt256 SharesAmount) : ContractLog;

    /// <summary>Lido: a report changed what a share stands for: total native token, in wei, divided by total shares.</summary>
    public static readonly AbiEvent TokenRebased = AbiEvent.Parse(
        "event TokenRebased(uint256 indexed reportTimestamp, uint256 timeElapsed, uint256 preTotalShares, "
        + "uint256 preTotalEther, uint256 postTotalShares, uint256 postTotalEther, uint256 sharesMintedAsFees)");

    /// <inheritdoc cref="TokenRebased"/>
    public sealed record TokenRebasedLog(
        UInt256 ReportTimestamp, UInt256 TimeElapsed, UInt256 PreTotalShares, UInt256 PreTotalEther, UInt256 PostTotalShares,
        UInt256 PostTotalEther, UInt256 SharesMintedAsFees) : ContractLog;

    /// <summary>Lido: an owner asks for the native token of so many shares; from here on they earn nothing.</summary>
    public static readonly AbiEvent WithdrawalRequested = AbiEvent.Parse(
        "event WithdrawalRequested(uint256 indexed requestId, address indexed requestor, address indexed owner, "
        + "uint256 amountOfStETH, uint256 amountOfShares)");

    /// <inheritdoc cref="WithdrawalRequested"/>
    public sealed record WithdrawalRequestedLog(
        UInt256 RequestId, Address Requestor, Address Owner, UInt256 AmountOfStETH, UInt256 AmountOfShares) : ContractLog;

    /// <summary>Lido: a request was paid to a receiver, in wei.</summary>
    public static readonly AbiEvent WithdrawalClaimed = AbiEvent.Parse(
        "event WithdrawalClaimed(uint256 indexed requestId, address indexed owner, address indexed receiver, "
        + "uint256 amountOfETH)");

    /// <inheritdoc cref="WithdrawalClaimed"/>
    public sealed record WithdrawalClaimedLog(UInt256 RequestId, Address Owner, Address Receiver, UInt256 AmountOfETH) : ContractLog;

    /// <summary>Lido: the shares of an account.</summary>
    public static readonly AbiFunction SharesOf = AbiFunction.Parse("function sharesOf(address account) view returns (uint256)");

    /// <summary>Lido: what so many shares stand for, in wei and rounded down.</summary>
    public static readonly AbiFunction GetPooledEthByShares =
        AbiFunction.Parse("function getPooledEthByShares(uint256 sharesAmount) view returns (uint256)");

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(Submitted, v => new SubmittedLog(v.Address(0), v.Amount(1), v.Address(2))),
        LogType.Of(TransferShares, v => new TransferSharesLog(v.Address(0), v.Address(1), v.Amount(2))),
        LogType.Of(SharesBurnt, v => new SharesBurntLog(v.Address(0), v.Amount(1), v.Amount(2), v.Amount(3))),
        LogType.Of(
            TokenRebased,
            v => new TokenRebasedLog(v.Amount(0), v.Amount(1), v.Amount(2), v.Amount(3), v.Amount(4), v.Amount(5), v.Amount(6))),
        LogType.Of(
            WithdrawalRequested,
            v => new WithdrawalRequestedLog(v.Amount(0), v.Address(1), v.Address(2), v.Amount(3), v.Amount(4))),
        LogType.Of(WithdrawalClaimed, v => new WithdrawalClaimedLog(v.Amount(0), v.Address(1), v.Address(2), v.Amount(3))));
}
