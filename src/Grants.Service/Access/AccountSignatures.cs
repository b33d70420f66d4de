using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Primitives;

namespace Grants.Service.Access;

/// <summary>
/// Whether an account signed a digest. ECDSA first, because since EIP-7702 an ordinary account may have code and still
/// sign with its key; then the account's own contract (ERC-1271).
/// </summary>
public sealed class AccountSignatures(EthereumRpc node)
{
    /// <param name="account">Who must have signed.</param>
    /// <param name="digest">What was signed.</param>
    /// <param name="signature">Hexadecimal.</param>
    /// <param name="atBlock">At which block a contract is asked; the finalized head where null.</param>
    public async Task<(SignatureKind Kind, Rejection? Rejection)> VerifyAsync(
        Address account, Hash32 digest, string signature, Hash32? atBlock, CancellationToken cancellation)
    {
        var isEcdsa = Signature.TryParse(signature, out var parsed, out var problem);
        if (isEcdsa && IsOwn(account, digest, parsed))
            return (SignatureKind.Ecdsa, null);
        if (!Hex.TryParse(signature, out var bytes) || bytes.Length is 0 or > 4_096)
            return (default, new InvalidSignature(problem ?? "The signature is not hexadecimal."));
        var block = atBlock ?? (await node.BlockAsync(BlockTag.Finalized, cancellation))?.Hash;
        if (block is { } hash && await ContractSignature.IsValidAsync(node, account, digest, bytes, hash, cancellation))
            return (SignatureKind.Erc1271, null);
        return (default, new InvalidSignature(problem ?? $"The signature is not of {account}."));
    }

    /// <summary>Whether the account's own key signed. Asks nobody.</summary>
    public static bool IsOwn(Address account, Hash32 digest, string signature) =>
        Signature.TryParse(signature, out var parsed, out _) && IsOwn(account, digest, parsed);

    private static bool IsOwn(Address account, Hash32 digest, Signature signature) =>
        Secp256k1.TryRecover(digest, signature, out var signer) && signer == account;
}
