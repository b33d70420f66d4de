using System.Collections.Immutable;
using System.Numerics;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Adapters;

/// <summary>The values that <see cref="Abi.AbiEvent.TryDecode"/> gives, in the types of typed logs. All that is decoded fits.</summary>
internal static class LogValues
{
    public static Address Address(this object[] values, int index) => (Address)values[index];

    /// <summary>A uint56 to uint256.</summary>
    public static UInt256 Amount(this object[] values, int index) => (UInt256)values[index];

    /// <summary>A uint32 to uint48.</summary>
    public static long Long(this object[] values, int index) => (long)((UInt256)values[index]).ToBigInteger();

    /// <summary>A uint8 to uint24, or an int8 to int24.</summary>
    public static int Int(this object[] values, int index) =>
        values[index] is UInt256 number ? (int)number.ToBigInteger() : (int)(BigInteger)values[index];

    public static BigInteger Signed(this object[] values, int index) => (BigInteger)values[index];

    public static Hash32 Word(this object[] values, int index) => (Hash32)values[index];

    public static byte[] Bytes(this object[] values, int index) => (byte[])values[index];

    public static string Text(this object[] values, int index) => (string)values[index];

    public static bool Flag(this object[] values, int index) => (bool)values[index];

    public static ImmutableArray<Address> Addresses(this object[] values, int index) => [.. ((object[])values[index]).Cast<Address>()];
}
