using Grants.Ethereum.Rlp;
using Grants.Primitives;

namespace Grants.Ethereum.Transactions;

/// <summary>
/// A transaction of EIP-7702: as of EIP-1559, and it sets the code of the accounts that authorized it. It always has a
/// recipient.
/// </summary>
/// <param name="ChainId">The only chain that it is valid on (EIP-155).</param>
/// <param name="Nonce">How many transactions the sender has sent before.</param>
/// <param name="MaxPriorityFeePerGas">The tip at most, in wei a gas.</param>
/// <param name="MaxFeePerGas">Base fee and tip at most, in wei a gas.</param>
/// <param name="GasLimit">Gas that it may use at most.</param>
/// <param name="Destination">The recipient.</param>
/// <param name="Value">Wei that go to the recipient.</param>
/// <param name="Data">The data of the call.</param>
/// <param name="Authorizations">At least one; each sets the code of the account that signed it.</param>
public sealed record Eip7702Transaction(
    long ChainId,
    long Nonce,
    UInt256 MaxPriorityFeePerGas,
    UInt256 MaxFeePerGas,
    long GasLimit,
    Address Destination,
    UInt256 Value,
    byte[] Data,
    IReadOnlyList<SignedAuthorization> Authorizations) : Transaction(Nonce, GasLimit, Destination, Value, Data)
{
    /// <summary>The type of EIP-2718.</summary>
    internal const byte Type = 4;

    /// <inheritdoc/>
    public override byte? TypeNumber => Type;

    /// <summary>The accounts and slots that the transaction announces (EIP-2930).</summary>
    public IReadOnlyList<AccessListEntry> AccessList { get; init; } = [];

    internal override RlpWriter Fields() => new RlpWriter()
        .Write(ChainId)
        .Write(Nonce)
        .Write(MaxPriorityFeePerGas)
        .Write(MaxFeePerGas)
        .Write(GasLimit)
        .Write(Destination)
        .Write(Value)
        .Write(Data)
        .Write(AccessListEntry.Write(AccessList))
        .Write(SignedAuthorization.Write(Authorizations));

    internal static SignedTransaction Read(RlpReader fields)
    {
        var (chainId, nonce) = (fields.ReadLong(), fields.ReadLong());
        var (tip, maxFee) = (fields.ReadUInt256(), fields.ReadUInt256());
        var (gasLimit, destination, value) = (fields.ReadLong(), fields.ReadAddress(), fields.ReadUInt256());
        var data = fields.ReadBytes().ToArray();
        var accessList = AccessListEntry.Read(fields.ReadList());
        var authorizations = SignedAuthorization.Read(fields.ReadList());
        var transaction = new Eip7702Transaction(
            chainId, nonce, tip, maxFee, gasLimit, destination, value, data, authorizations) { AccessList = accessList };
        return new SignedTransaction(transaction, ReadSignature(ref fields));
    }
}
