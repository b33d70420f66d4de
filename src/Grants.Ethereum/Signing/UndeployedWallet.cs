using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Grants.Ethereum.Abi;
using Grants.Primitives;

namespace Grants.Ethereum.Signing;

/// <summary>
/// A signature as ERC-6492 wraps it: by the wallet's own signature it says how the wallet is deployed, or prepared.
/// </summary>
internal sealed record UndeployedWallet(Address Factory, byte[] FactoryCall, byte[] Signature)
{
    private const int SuffixLength = 32;

    /// <summary>The longest code of a creation, by EIP-3860.</summary>
    private const int LongestProgram = 49_152;

    private const byte Push4 = 0x63;
    private const byte Push20 = 0x73;

    private static readonly AbiType[] Wrapper = [AbiType.Parse("address"), AbiType.Parse("bytes"), AbiType.Parse("bytes")];

    // PUSH0 would save a byte, but chains before Shanghai do not have it.
    private static ReadOnlySpan<byte> PushZero => [0x60, 0];

    private static ReadOnlySpan<byte> PushWord => [0x60, 32];

    /// <summary>Whether the last 32 bytes are those by which the wrapper is known.</summary>
    public static bool IsWrapped(ReadOnlySpan<byte> signature)
    {
        if (signature.Length < SuffixLength)
            return false;
        for (var at = signature.Length - SuffixLength; at < signature.Length; at += 2)
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(signature[at..]) != 0x6492)
                return false;
        }

        return true;
    }

    public static bool TryUnwrap(ReadOnlySpan<byte> signature, [NotNullWhen(true)] out UndeployedWallet? unwrapped)
    {
        unwrapped = null;
        if (!IsWrapped(signature))
            return false;
        try
        {
            var values = AbiCodec.Decode(Wrapper, signature[..^SuffixLength]);
            unwrapped = new UndeployedWallet((Address)values[0], (byte[])values[1], (byte[])values[2]);
            return true;
        }
        catch (AbiException)
        {
            return false;
        }
    }

    /// <summary>
    /// The code of a creation that never is one: run by <c>eth_call</c>, it calls the factory, then asks the wallet, and
    /// returns a word: one if neither failed and the wallet answered <paramref name="yes"/> in exactly 32 bytes, otherwise
    /// zero. Null where it would be longer than a chain allows.
    /// </summary>
    public byte[]? Program(Address wallet, byte[] walletCall, int walletGas, ReadOnlySpan<byte> yes)
    {
        var head = Head(wallet, walletCall.Length, walletGas, yes, headLength: 0);
        head = Head(wallet, walletCall.Length, walletGas, yes, head.Length);
        byte[] program = [.. head, .. FactoryCall, .. walletCall];
        return program.Length <= LongestProgram ? program : null;
    }

    private byte[] Head(Address wallet, int walletCallLength, int walletGas, ReadOnlySpan<byte> yes, int headLength) =>
    [
        .. CopyCode(headLength, FactoryCall.Length),
        // CALL(gas, factory, 0, 0, length, 0, 0)
        .. PushZero, .. PushZero, .. Push(FactoryCall.Length), .. PushZero, .. PushZero, Push20, .. Factory.ToBytes(), 0x5a, 0xf1,
        .. CopyCode(headLength + FactoryCall.Length, walletCallLength),
        // STATICCALL(walletGas, wallet, 0, length, 0, 32), multiplied by the first call's success
        .. PushWord, .. PushZero, .. Push(walletCallLength), .. PushZero, Push20, .. wallet.ToBytes(), .. Push(walletGas), 0xfa, 0x02,
        // EQ(RETURNDATASIZE, 32), multiplied
        0x3d, .. PushWord, 0x14, 0x02,
        // EQ(MLOAD(0), SHL(224, yes)), multiplied
        .. PushZero, 0x51, Push4, .. yes, 0x60, 0xe0, 0x1b, 0x14, 0x02,
        // MSTORE(0, result), RETURN(0, 32)
        .. PushZero, 0x52, .. PushWord, .. PushZero, 0xf3,
    ];

    private static byte[] CopyCode(int at, int length) => [.. Push(length), .. Push(at), .. PushZero, 0x39];

    private static byte[] Push(int number) => [0x62, (byte)((number >> 16) & 0xff), (byte)((number >> 8) & 0xff), (byte)(number & 0xff)];
}
