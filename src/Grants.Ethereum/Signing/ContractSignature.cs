using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Ethereum.Signing;

/// <summary>
/// Signatures of contract wallets, by ERC-1271 and, where asked for, by ERC-6492. The wallet is a stranger's code: its gas and
/// time are bounded.
/// </summary>
public static class ContractSignature
{
    private const int GasLimit = 500_000;

    /// <summary>What the deployment of a wallet may take besides.</summary>
    private const long DeploymentGasLimit = 5_000_000;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(3);
    private static readonly AbiFunction IsValidSignature =
        AbiFunction.Parse("function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)");

    private static readonly string[] SignsOfFailure =
    [
        "revert", "out of gas", "outofgas", "invalid opcode", "invalid jump", "stack underflow", "stack overflow", "stack limit",
        "EVM error",
    ];

    /// <summary>
    /// Asks the wallet at a block (ERC-1271, eth_call). Valid is only the standard's magic value in exactly 32 bytes; a
    /// wallet that reverts, runs out of gas or is no contract says no.
    /// </summary>
    /// <exception cref="RpcException">The node did not run the call, so nothing is known.</exception>
    public static Task<bool> IsValidAsync(
        EthereumRpc rpc, Address wallet, Hash32 digest, byte[] signature, Hash32 atBlockHash, CancellationToken cancellation = default)
    {
        var call = IsValidSignature.Encode(digest, signature);
        return AskAsync(
            wallet, async limit => IsYes(await rpc.CallAsync(wallet, call, atBlockHash, from: null, GasLimit, limit)), cancellation);
    }

    /// <summary>
    /// As the other, and <paramref name="acceptUndeployed"/> reads the wrapper of ERC-6492: where the wallet does not say yes
    /// as it is, it is asked again after the wrapper's call of a factory. Nothing is sent; the node only computes.
    /// </summary>
    /// <exception cref="RpcException">The node did not run the call, so nothing is known.</exception>
    public static async Task<bool> IsValidAsync(
        EthereumRpc rpc,
        Address wallet,
        Hash32 digest,
        byte[] signature,
        Hash32 atBlockHash,
        bool acceptUndeployed,
        CancellationToken cancellation = default)
    {
        if (!acceptUndeployed || !UndeployedWallet.IsWrapped(signature))
            return await IsValidAsync(rpc, wallet, digest, signature, atBlockHash, cancellation);
        if (!UndeployedWallet.TryUnwrap(signature, out var undeployed))
            return false;
        if (await IsValidAsync(rpc, wallet, digest, undeployed.Signature, atBlockHash, cancellation))
            return true;
        var call = IsValidSignature.Encode(digest, undeployed.Signature);
        return undeployed.Program(wallet, call, GasLimit, IsValidSignature.Selector) is { } program
            && await AskAsync(
                wallet,
                async limit => IsOne(await rpc.CallAsync(null, program, atBlockHash, from: null, GasLimit + DeploymentGasLimit, limit)),
                cancellation);
    }

    private static bool IsYes(byte[] answer) => answer.Length == 32
        && answer.AsSpan(0, 4).SequenceEqual(IsValidSignature.Selector)
        && !answer.AsSpan(4).ContainsAnyExcept((byte)0);

    private static bool IsOne(byte[] answer) => answer.Length == 32 && UInt256.FromBytes(answer) == UInt256.One;

    private static async Task<bool> AskAsync(Address wallet, Func<CancellationToken, Task<bool>> ask, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeLimit);
        try
        {
            return await ask(limit.Token);
        }
        catch (RpcErrorException refused) when (IsFailureOfTheCall(refused))
        {
            return false;
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new RpcTransportException($"The wallet {wallet} did not answer within {TimeLimit.TotalSeconds} s.", late);
        }
    }

    private static bool IsFailureOfTheCall(RpcErrorException refused) => refused.Code == 3
        || refused.RevertData is not null
        || SignsOfFailure.Any(sign => refused.Message.Contains(sign, StringComparison.OrdinalIgnoreCase));
}
