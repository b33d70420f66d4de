using Grants.Ethereum.Contracts.Bridges;
using Grants.Ethereum.Contracts.Lending;
using Grants.Ethereum.Contracts.Pools;
using Grants.Ethereum.Contracts.Rollups;
using Grants.Ethereum.Contracts.Staking;
using Grants.Ethereum.Contracts.Streams;
using Grants.Ethereum.Contracts.Tokens;
using Grants.Ethereum.Contracts.Treasuries;

namespace Grants.Ethereum.Contracts.Adapters;

/// <summary>What a contract is, as far as its logs are concerned: each kind has an adapter (contract ABI specification).</summary>
public enum ContractKind
{
    /// <summary>A token, by ERC-20.</summary>
    Erc20,

    /// <summary>A collection of single tokens, by ERC-721.</summary>
    Erc721,

    /// <summary>The native token as an ERC-20 token, as WETH9 has it.</summary>
    WrappedNative,

    /// <summary>A token of L1 that a bridge mints on L2.</summary>
    BridgedErc20,

    /// <summary>A vault, by ERC-4626.</summary>
    Erc4626,

    /// <summary>A vault that takes its time, by ERC-7540.</summary>
    Erc7540,

    /// <summary>A staked token that rebases, as Lido has it.</summary>
    RebasingShares,

    /// <summary>The factory of Uniswap v2.</summary>
    UniswapV2Factory,

    /// <summary>A pool of Uniswap v2.</summary>
    UniswapV2Pair,

    /// <summary>The factory of Uniswap v3.</summary>
    UniswapV3Factory,

    /// <summary>A pool of Uniswap v3.</summary>
    UniswapV3Pool,

    /// <summary>The position manager of Uniswap v3.</summary>
    UniswapV3Positions,

    /// <summary>The factory of Algebra.</summary>
    AlgebraFactory,

    /// <summary>A pool of Algebra.</summary>
    AlgebraPool,

    /// <summary>The position manager of Algebra.</summary>
    AlgebraPositions,

    /// <summary>A lending pool of Aave v3.</summary>
    AaveV3Pool,

    /// <summary>An aToken or debt token of Aave v3.</summary>
    AaveV3Token,

    /// <summary>The bridge of Metis to L1, and of the OP stack before Bedrock.</summary>
    StandardBridge,

    /// <summary>The bridge of the OP stack to L1.</summary>
    OptimismBridge,

    /// <summary>A bridge's end on L1.</summary>
    L1StandardBridge,

    /// <summary>A token of LayerZero.</summary>
    LayerZeroOft,

    /// <summary>A staking lock whose positions are tokens.</summary>
    NftPool,

    /// <summary>The lock of Metis' sequencers.</summary>
    LockingInfo,

    /// <summary>The rewards of Metis' sequencers.</summary>
    LockingPool,

    /// <summary>The epochs of Metis' sequencers.</summary>
    SequencerSet,

    /// <summary>The states of Metis on L1.</summary>
    StateCommitmentChain,

    /// <summary>Liquid staking of Artemis.</summary>
    Artemis,

    /// <summary>Streams of Sablier Lockup.</summary>
    SablierLockup,

    /// <summary>Vesting plans of Hedgey.</summary>
    HedgeyVesting,

    /// <summary>A vesting wallet of OpenZeppelin.</summary>
    VestingWallet,

    /// <summary>A wallet of several owners, by Safe.</summary>
    Safe,
}

/// <summary>The adapter of each kind of contract (contract ABI specification, "Events").</summary>
public static class ContractAdapters
{
    /// <summary>Reads the logs of a kind.</summary>
    public static ContractAdapter Of(ContractKind kind) => kind switch
    {
        ContractKind.Erc20 => Erc20.Logs,
        ContractKind.Erc721 => Erc721.Logs,
        ContractKind.WrappedNative => WrappedNative.Logs,
        ContractKind.BridgedErc20 => BridgedErc20.Logs,
        ContractKind.Erc4626 => Erc4626.Logs,
        ContractKind.Erc7540 => Erc7540.Logs,
        ContractKind.RebasingShares => RebasingShares.Logs,
        ContractKind.UniswapV2Factory => UniswapV2Factory.Logs,
        ContractKind.UniswapV2Pair => UniswapV2Pair.Logs,
        ContractKind.UniswapV3Factory => UniswapV3Factory.Logs,
        ContractKind.UniswapV3Pool => UniswapV3Pool.Logs,
        ContractKind.UniswapV3Positions => UniswapV3Positions.Logs,
        ContractKind.AlgebraFactory => AlgebraFactory.Logs,
        ContractKind.AlgebraPool => AlgebraPool.Logs,
        ContractKind.AlgebraPositions => AlgebraPositions.Logs,
        ContractKind.AaveV3Pool => AaveV3Pool.Logs,
        ContractKind.AaveV3Token => AaveV3Token.Logs,
        ContractKind.StandardBridge => StandardBridge.Logs,
        ContractKind.OptimismBridge => OptimismBridge.Logs,
        ContractKind.L1StandardBridge => L1StandardBridge.Logs,
        ContractKind.LayerZeroOft => LayerZeroOft.Logs,
        ContractKind.NftPool => NftPool.Logs,
        ContractKind.LockingInfo => LockingInfo.Logs,
        ContractKind.LockingPool => LockingPool.Logs,
        ContractKind.SequencerSet => SequencerSet.Logs,
        ContractKind.StateCommitmentChain => StateCommitmentChain.Logs,
        ContractKind.Artemis => Artemis.Logs,
        ContractKind.SablierLockup => SablierLockup.Logs,
        ContractKind.HedgeyVesting => HedgeyVesting.Logs,
        ContractKind.VestingWallet => VestingWallet.Logs,
        ContractKind.Safe => Safe.Logs,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
