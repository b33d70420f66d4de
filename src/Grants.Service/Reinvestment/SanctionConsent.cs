using Grants.Domain;
using Grants.Ethereum.TypedData;
using Grants.Primitives;

namespace Grants.Service.Reinvestment;

/// <summary>
/// What a signer of the policy signs for a sanction: EIP-712 type
/// <c>SignSanction(string space,bytes32 award,string breach,string sanction)</c>, where the sanction is its name in the policy.
/// </summary>
public static class SanctionConsent
{
    private static readonly Dictionary<string, IReadOnlyList<TypedDataField>> Types = new()
    {
        ["SignSanction"] = [new("space", "string"), new("award", "bytes32"), new("breach", "string"), new("sanction", "string")],
    };

    public static TypedData Of(string space, Hash32 award, string breachId, SanctionKind kind, long chainId) => new(
        new TypedDataDomain("Grants", "1", chainId),
        "SignSanction",
        Types,
        new Dictionary<string, object>
        {
            ["space"] = space, ["award"] = award, ["breach"] = breachId, ["sanction"] = NameOf(kind),
        });

    private static string NameOf(SanctionKind kind) => kind switch
    {
        SanctionKind.ClawBackUnreleased => "CLAW_BACK_UNRELEASED",
        _ => kind.ToString().ToUpperInvariant(),
    };
}
