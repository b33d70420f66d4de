using BenchmarkDotNet.Attributes;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.Signing;
using Grants.Primitives;

namespace Grants.Benchmarks;

/// <summary>What the service does for each log, ballot and message. The part of a name before "_" is viem's work.</summary>
[MemoryDiagnoser]
public class EthereumBenchmarks
{
    private readonly Work work = new();
    private readonly BouncyCastleSecp256k1 managed = new();
    private readonly byte[] publicKey = new byte[Secp256k1.PublicKeyLength];
    private int next;

    [Benchmark]
    public Address Recover() =>
        Secp256k1.TryRecover(work.Digest, work.Signature, out var signer) ? signer : throw new InvalidOperationException();

    [Benchmark]
    public bool Recover_managed() => managed.TryRecover(work.Digest, work.Signature, publicKey);

    [Benchmark]
    public Hash32 HashTypedData() => Work.Hash().Digest();

    [Benchmark]
    public object[] DecodeTransferLog()
    {
        next = (next + 1) % work.TransferLogs.Count;
        return Erc20.Transfer.TryDecode(work.TransferLogs[next], out var values) ? values : throw new InvalidOperationException();
    }

    [Benchmark]
    public Hash32 Keccak32Bytes() => Keccak256.Hash(work.Bytes32);

    [Benchmark]
    public Hash32 Keccak1024Bytes() => Keccak256.Hash(work.Bytes1024);
}
