using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Staking;

/// <summary>Liquid staking of METIS, as Artemis has it on Metis: its depositor takes the native token. Amounts are base units.</summary>
public static class Artemis
{
    /// <summary>Artemis on Metis: a user gave native token for artMETIS.</summary>
    public static readonly AbiEvent MetisDeposited =
        AbiEvent.Parse("event MetisDeposited(address indexed user, uint256 amount, uint256 artMetisAmount, string referralId)");

    /// <inheritdoc cref="MetisDeposited"/>
    public sealed record MetisDepositedLog(Address User, UInt256 Amount, UInt256 ArtMetisAmount, string ReferralId) : ContractLog;

    /// <summary>Artemis on Metis: a user gave artMETIS back; the native token follows after the delay.</summary>
    public static readonly AbiEvent InitiateWithdrawalFor =
        AbiEvent.Parse("event InitiateWithdrawalFor(address indexed user, uint256 artMetisAmount, uint256 depositAmount)");

    /// <inheritdoc cref="InitiateWithdrawalFor"/>
    public sealed record InitiateWithdrawalForLog(Address User, UInt256 ArtMetisAmount, UInt256 DepositAmount) : ContractLog;

    /// <summary>Artemis on Metis: native token went to L1, to be staked there.</summary>
    public static readonly AbiEvent BridgeMetisToL1 = AbiEvent.Parse("event BridgeMetisToL1(address indexed user, uint256 amount)");

    /// <inheritdoc cref="BridgeMetisToL1"/>
    public sealed record BridgeMetisToL1Log(Address User, UInt256 Amount) : ContractLog;

    /// <summary>Artemis on Metis: a reward was added to the pool.</summary>
    public static readonly AbiEvent Harvested = AbiEvent.Parse("event Harvested(address indexed user, uint256 amount)");

    /// <inheritdoc cref="Harvested"/>
    public sealed record HarvestedLog(Address User, UInt256 Amount) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(MetisDeposited, v => new MetisDepositedLog(v.Address(0), v.Amount(1), v.Amount(2), v.Text(3))),
        LogType.Of(InitiateWithdrawalFor, v => new InitiateWithdrawalForLog(v.Address(0), v.Amount(1), v.Amount(2))),
        LogType.Of(BridgeMetisToL1, v => new BridgeMetisToL1Log(v.Address(0), v.Amount(1))),
        LogType.Of(Harvested, v => new HarvestedLog(v.Address(0), v.Amount(1))));
}
