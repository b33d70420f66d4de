using Grants.Domain;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Marten;

namespace Grants.Service.Programs.Vaults;

public sealed record VaultOfAnotherSpace(Address Vault)
    : Rejection("VAULT_OF_ANOTHER_SPACE", $"The vault {Vault} is of another space, which alone promises what it holds.");

/// <summary>A vault is of the space that first opened a program on it: no other space can spend its money.</summary>
internal static class VaultSpaces
{
    /// <summary>Takes a vault for the session's space, in its transaction. False where it is of another.</summary>
    public static async Task<bool> TakeAsync(IDocumentSession session, long chainId, Address vault, CancellationToken cancellation)
    {
        await session.BeginTransactionAsync(cancellation);
        return await session.Connection.Command(
            """
            insert into chain.vault (chain_id, address, space) values ($1, $2, $3)
            on conflict (chain_id, address) do update set space = chain.vault.space returning space = $3
            """,
            chainId, vault.ToBytes(), session.TenantId).ScalarAsync(cancellation) is true;
    }
}
