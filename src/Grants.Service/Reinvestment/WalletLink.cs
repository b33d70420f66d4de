using Grants.Ethereum.TypedData;
using Grants.Primitives;

namespace Grants.Service.Reinvestment;

/// <summary>
/// What both sides sign to say that two wallets are one person's: EIP-712 type
/// <c>LinkWallet(string space,bytes32 award,address recipient,address wallet)</c>.
/// </summary>
public static class WalletLink
{
    private static readonly Dictionary<string, IReadOnlyList<TypedDataField>> Types = new()
    {
        ["LinkWallet"] = [new("space", "string"), new("award", "bytes32"), new("recipient", "address"), new("wallet", "address")],
    };

    public static TypedData Of(string space, Hash32 award, Address recipient, Address wallet, long chainId) => new(
        new TypedDataDomain("Grants", "1", chainId),
        "LinkWallet",
        Types,
        new Dictionary<string, object> { ["space"] = space, ["award"] = award, ["recipient"] = recipient, ["wallet"] = wallet });
}
