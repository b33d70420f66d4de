using Grants.Ethereum.Rlp;
using Grants.Primitives;

namespace Grants.Ethereum.Proofs;

/// <summary>What the state trie holds of an account (Yellow Paper, 4.1). The balance is in wei.</summary>
/// <param name="Nonce">Transactions sent, or contracts created.</param>
/// <param name="Balance">Wei.</param>
/// <param name="StorageRoot">The root of the account's storage.</param>
/// <param name="CodeHash">The hash of the code; of no bytes where there is none.</param>
public sealed record AccountState(ulong Nonce, UInt256 Balance, Hash32 StorageRoot, Hash32 CodeHash)
{
    internal static AccountState Read(ReadOnlySpan<byte> encoded)
    {
        var fields = RlpReader.List(encoded);
        var (nonce, balance) = (fields.ReadUInt256(), fields.ReadUInt256());
        var (storageRoot, codeHash) = (fields.ReadHash(), fields.ReadHash());
        fields.ExpectEnd();
        return nonce <= ulong.MaxValue
            ? new AccountState((ulong)nonce, balance, storageRoot, codeHash)
            : throw new ProofException("The nonce of an account is too large.");
    }
}
