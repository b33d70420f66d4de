namespace Grants.Ethereum.Abi;

/// <summary>
/// The encoding of the contract ABI specification. Values are <c>UInt256</c> for uintN, <c>BigInteger</c> for intN,
/// <c>Address</c>, <c>bool</c>, <c>byte[]</c> for bytes and bytesN, <c>Hash32</c> for bytes32, <c>string</c>, and
/// <c>object[]</c> for arrays and tuples. Plain integers and any list are accepted when encoding.
/// </summary>
public static class AbiCodec
{
    /// <summary>Writes the values one after another, as <c>abi.encode</c> does.</summary>
    /// <exception cref="AbiException">A value does not fit its type.</exception>
    public static byte[] Encode(IReadOnlyList<AbiType> types, params object[] values) => Encode(default, Tuple(types), values);

    /// <summary>Reads values. Bits outside a type are refused; data after the values is ignored.</summary>
    /// <exception cref="AbiException">The data does not hold such values.</exception>
    public static object[] Decode(IReadOnlyList<AbiType> types, ReadOnlySpan<byte> data) => Decode(Tuple(types), data);

    internal static byte[] Encode(ReadOnlySpan<byte> selector, AbiType tuple, object[] values) =>
        values.Length == tuple.Size
            ? AbiWriter.Write(selector, tuple, values)
            : throw new AbiException($"Expected {tuple.Size} values for {tuple.Name}, found {values.Length}.");

    internal static object[] Decode(AbiType tuple, ReadOnlySpan<byte> data) =>
        AbiReader.TryRead(tuple, data, exact: false, out var values)
            ? values
            : throw new AbiException($"{data.Length} bytes do not hold {tuple.Name}.");

    private static AbiType Tuple(IReadOnlyList<AbiType> types) => AbiType.Tuple([.. types.Select(type => new AbiParameter("", type))]);
}
