using Grants.Primitives;

namespace Grants.Service.Access;

/// <summary>Who may do what in this deployment, and where wallets sign in. Section <c>Access</c>.</summary>
public sealed class AccessOptions
{
    /// <summary>The host that a sign-in message must name (EIP-4361 <c>domain</c>); the served one where unset.</summary>
    public string Domain { get; set; } = string.Empty;

    /// <summary>The origin that a sign-in message must name (EIP-4361 <c>URI</c>); the served one where unset.</summary>
    public string Uri { get; set; } = string.Empty;

    /// <summary>Accounts that open programs and votes, checksummed.</summary>
    public string[] ProgramManagers { get; set; } = [];

    /// <summary>Accounts that flag, hide and cancel proposals, checksummed.</summary>
    public string[] Guardians { get; set; } = [];

    /// <summary>
    /// Persons who sign for the treasury's larger payments, each with their accounts, checksummed: two accounts of a person are one
    /// pair of eyes.
    /// </summary>
    public Dictionary<string, string[]> Approvers { get; set; } = [];

    /// <summary>The person whose account it is; null for nobody who may approve.</summary>
    public string? ApproverOf(Address account) =>
        Approvers.FirstOrDefault(person => person.Value.Any(own => Address.Parse(own) == account)).Key;

    public bool IsGuardian(Address account) => Guardians.Any(guardian => Address.Parse(guardian) == account);

    public bool IsProgramManager(Address account) => ProgramManagers.Any(manager => Address.Parse(manager) == account);
}
