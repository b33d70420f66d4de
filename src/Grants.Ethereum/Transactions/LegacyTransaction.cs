using Grants.Ethereum.Rlp;
using Grants.Ethereum.Signing;
using Grants.Primitives;

namespace Grants.Ethereum.Transactions;

/// <summary>
/// A transaction without an envelope. With a chain id it is valid on that chain only (EIP-155); without one, as before
/// that EIP, on every chain. The gas price is in wei.
/// </summary>
/// <param name="ChainId">The only chain that it is valid on; null for every chain.</param>
/// <param name="Nonce">How many transactions the sender has sent before.</param>
/// <param name="GasPrice">Wei a gas.</param>
/// <param name="GasLimit">Gas that it may use at most.</param>
/// <param name="To">The recipient; null creates a contract from the data.</param>
/// <param name="Value">Wei that go to the recipient.</param>
/// <param name="Data">The data of the call, or the code of the creation.</param>
public sealed record LegacyTransaction(
    long? ChainId,
    long Nonce,
    UInt256 GasPrice,
    long GasLimit,
    Address? To,
    UInt256 Value,
    byte[] Data) : Transaction(Nonce, GasLimit, To, Value, Data)
{
    private const ulong FirstOfHomestead = 27;
    private const ulong FirstOfEip155 = 35;

    /// <inheritdoc/>
    public override byte? TypeNumber => null;

    internal override byte[] SigningBytes() =>
        (ChainId is { } chainId ? Fields().Write(chainId).Write(0L).Write(0L) : Fields()).ToList();

    internal override byte[] SignedBytes(Signature signature)
    {
        var first = ChainId is { } chainId ? ((UInt256)chainId * 2) + FirstOfEip155 : FirstOfHomestead;
        return Fields().Write(first + (ulong)signature.YParity).Write(signature.R).Write(signature.S).ToList();
    }

    internal override RlpWriter Fields() =>
        new RlpWriter().Write(Nonce).Write(GasPrice).Write(GasLimit).Write(To).Write(Value).Write(Data);

    internal static SignedTransaction Read(RlpReader fields)
    {
        var transaction = new LegacyTransaction(
            null,
            fields.ReadLong(),
            fields.ReadUInt256(),
            fields.ReadLong(),
            fields.ReadOptionalAddress(),
            fields.ReadUInt256(),
            fields.ReadBytes().ToArray());
        var v = fields.ReadUInt256();
        if (v >= FirstOfEip155)
        {
            var chainId = (v - FirstOfEip155) / 2;
            if (chainId > long.MaxValue)
                throw new FormatException("The chain id of the transaction is too large.");
            transaction = transaction with { ChainId = (long)chainId };
        }
        else if (v != FirstOfHomestead && v != FirstOfHomestead + 1)
        {
            throw new FormatException("The recovery value of the signature is not 27, 28, or 35 and above.");
        }

        // 27 and 35 are odd and mean an even y.
        var yParity = (v % 2).IsZero ? 1 : 0;
        return new SignedTransaction(transaction, ReadSignature(ref fields, yParity));
    }
}
