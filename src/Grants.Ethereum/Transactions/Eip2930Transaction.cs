using Grants.Ethereum.Rlp;
using Grants.Primitives;

namespace Grants.Ethereum.Transactions;

/// <summary>A transaction of EIP-2930: a gas price in wei, and an access list.</summary>
public sealed record Eip2930Transaction(
    long ChainId,
    long Nonce,
    UInt256 GasPrice,
    long GasLimit,
    Address? To,
    UInt256 Value,
    byte[] Data) : Transaction(Nonce, GasLimit, To, Value, Data)
{
    /// <summary>The type of EIP-2718.</summary>
    internal const byte Type = 1;

    /// <inheritdoc/>
    public override byte? TypeNumber => Type;

    /// <summary>The accounts and slots that the transaction announces.</summary>
    public IReadOnlyList<AccessListEntry> AccessList { get; init; } = [];

    internal override RlpWriter Fields() => new RlpWriter()
        .Write(ChainId)
        .Write(Nonce)
        .Write(GasPrice)
        .Write(GasLimit)
        .Write(To)
        .Write(Value)
        .Write(Data)
        .Write(AccessListEntry.Write(AccessList));

    internal static SignedTransaction Read(RlpReader fields)
    {
        var transaction = new Eip2930Transaction(
            fields.ReadLong(),
            fields.ReadLong(),
            fields.ReadUInt256(),
            fields.ReadLong(),
            fields.ReadOptionalAddress(),
            fields.ReadUInt256(),
            fields.ReadBytes().ToArray())
        {
            AccessList = AccessListEntry.Read(fields.ReadList()),
        };
        return new SignedTransaction(transaction, ReadSignature(ref fields));
    }
}
