using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Lending;

/// <summary>
/// The pool of a lending market, by Aave v3 (github.com/aave/aave-v3-core). Deposits are those of onBehalfOf, whoever paid; the money
/// is in the reserve's aToken. Amounts are base units, rates and indexes are rays.
/// </summary>
public static class AaveV3Pool
{
    /// <summary>Aave v3: base units of a reserve came in for onBehalfOf.</summary>
    public static readonly AbiEvent Supply = AbiEvent.Parse(
        "event Supply(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, "
        + "uint16 indexed referralCode)");

    /// <inheritdoc cref="Supply"/>
    public sealed record SupplyLog(Address Reserve, Address User, Address OnBehalfOf, UInt256 Amount, int ReferralCode) : ContractLog;

    /// <summary>Aave v3: base units of a reserve went out from a user's deposit to another account.</summary>
    public static readonly AbiEvent Withdraw =
        AbiEvent.Parse("event Withdraw(address indexed reserve, address indexed user, address indexed to, uint256 amount)");

    /// <inheritdoc cref="Withdraw"/>
    public sealed record WithdrawLog(Address Reserve, Address User, Address To, UInt256 Amount) : ContractLog;

    /// <summary>Aave v3: base units were lent; onBehalfOf owes them.</summary>
    public static readonly AbiEvent Borrow = AbiEvent.Parse(
        "event Borrow(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, "
        + "uint8 interestRateMode, uint256 borrowRate, uint16 indexed referralCode)");

    /// <inheritdoc cref="Borrow"/>
    public sealed record BorrowLog(
        Address Reserve, Address User, Address OnBehalfOf, UInt256 Amount, int InterestRateMode, UInt256 BorrowRate, int ReferralCode)
        : ContractLog;

    /// <summary>Aave v3: a debt of a user was repaid, by anybody, in the reserve or in its aTokens.</summary>
    public static readonly AbiEvent Repay = AbiEvent.Parse(
        "event Repay(address indexed reserve, address indexed user, address indexed repayer, uint256 amount, bool useATokens)");

    /// <inheritdoc cref="Repay"/>
    public sealed record RepayLog(Address Reserve, Address User, Address Repayer, UInt256 Amount, bool UseATokens) : ContractLog;

    /// <summary>Aave v3: collateral of a user was sold for a part of the debt, not by the user's will.</summary>
    public static readonly AbiEvent LiquidationCall = AbiEvent.Parse(
        "event LiquidationCall(address indexed collateralAsset, address indexed debtAsset, address indexed user, "
        + "uint256 debtToCover, uint256 liquidatedCollateralAmount, address liquidator, bool receiveAToken)");

    /// <inheritdoc cref="LiquidationCall"/>
    public sealed record LiquidationCallLog(
        Address CollateralAsset, Address DebtAsset, Address User, UInt256 DebtToCover, UInt256 LiquidatedCollateralAmount,
        Address Liquidator, bool ReceiveAToken) : ContractLog;

    /// <summary>Aave v3: a deposit of a user secures debts from here on.</summary>
    public static readonly AbiEvent ReserveUsedAsCollateralEnabled =
        AbiEvent.Parse("event ReserveUsedAsCollateralEnabled(address indexed reserve, address indexed user)");

    /// <inheritdoc cref="ReserveUsedAsCollateralEnabled"/>
    public sealed record ReserveUsedAsCollateralEnabledLog(Address Reserve, Address User) : ContractLog;

    /// <summary>Aave v3: a deposit of a user secures no debts any more.</summary>
    public static readonly AbiEvent ReserveUsedAsCollateralDisabled =
        AbiEvent.Parse("event ReserveUsedAsCollateralDisabled(address indexed reserve, address indexed user)");

    /// <inheritdoc cref="ReserveUsedAsCollateralDisabled"/>
    public sealed record ReserveUsedAsCollateralDisabledLog(Address Reserve, Address User) : ContractLog;

    /// <summary>Aave v3: base units were lent within one transaction; who supplies them nearby has nothing.</summary>
    public static readonly AbiEvent FlashLoan = AbiEvent.Parse(
        "event FlashLoan(address indexed target, address initiator, address indexed asset, uint256 amount, "
        + "uint8 interestRateMode, uint256 premium, uint16 indexed referralCode)");

    /// <inheritdoc cref="FlashLoan"/>
    public sealed record FlashLoanLog(
        Address Target, Address Initiator, Address Asset, UInt256 Amount, int InterestRateMode, UInt256 Premium, int ReferralCode)
        : ContractLog;

    /// <summary>
    /// Aave v3: the rates and indexes of a reserve from here on; a deposit is its scaled balance times the liquidity index.
    /// </summary>
    public static readonly AbiEvent ReserveDataUpdated = AbiEvent.Parse(
        "event ReserveDataUpdated(address indexed reserve, uint256 liquidityRate, uint256 stableBorrowRate, "
        + "uint256 variableBorrowRate, uint256 liquidityIndex, uint256 variableBorrowIndex)");

    /// <inheritdoc cref="ReserveDataUpdated"/>
    public sealed record ReserveDataUpdatedLog(
        Address Reserve, UInt256 LiquidityRate, UInt256 StableBorrowRate, UInt256 VariableBorrowRate, UInt256 LiquidityIndex,
        UInt256 VariableBorrowIndex) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(Supply, v => new SupplyLog(v.Address(0), v.Address(1), v.Address(2), v.Amount(3), v.Int(4))),
        LogType.Of(Withdraw, v => new WithdrawLog(v.Address(0), v.Address(1), v.Address(2), v.Amount(3))),
        LogType.Of(Borrow, v => new BorrowLog(v.Address(0), v.Address(1), v.Address(2), v.Amount(3), v.Int(4), v.Amount(5), v.Int(6))),
        LogType.Of(Repay, v => new RepayLog(v.Address(0), v.Address(1), v.Address(2), v.Amount(3), v.Flag(4))),
        LogType.Of(
            LiquidationCall,
            v => new LiquidationCallLog(v.Address(0), v.Address(1), v.Address(2), v.Amount(3), v.Amount(4), v.Address(5), v.Flag(6))),
        LogType.Of(ReserveUsedAsCollateralEnabled, v => new ReserveUsedAsCollateralEnabledLog(v.Address(0), v.Address(1))),
        LogType.Of(ReserveUsedAsCollateralDisabled, v => new ReserveUsedAsCollateralDisabledLog(v.Address(0), v.Address(1))),
        LogType.Of(
            FlashLoan,
            v => new FlashLoanLog(v.Address(0), v.Address(1), v.Address(2), v.Amount(3), v.Int(4), v.Amount(5), v.Int(6))),
        LogType.Of(
            ReserveDataUpdated,
            v => new ReserveDataUpdatedLog(v.Address(0), v.Amount(1), v.Amount(2), v.Amount(3), v.Amount(4), v.Amount(5))));
}
