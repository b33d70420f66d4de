using Grants.Ethereum.Rlp;
using Grants.Primitives;

namespace Grants.Ethereum.Transactions;

/// <summary>A transaction of EIP-2930: a gas price in wei, and an access list.</summary>
/// <param name="ChainId">The only chain that it is valid on (EIP-155).</param>
/// <param name="Nonce">How many transactions the sender has sent before.</param>
/// <param name="GasPrice">Wei a gas.</param>
/// <param name="GasLimit">Gas that it may use at most.</param>
/// <param name="To">The recipient; null creates a contract from the data.</param>
/// <param name="Value">Wei that go to the recipient.</param>
/// <param name="Data">The data of the call, or the code of the creation.</param>
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
