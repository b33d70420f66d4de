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

    public bool IsGuardian(Address account) => Guardians.Any(guardian => Address.Parse(guardian) == account);

    public bool IsProgramManager(Address account) => ProgramManagers.Any(manager => Address.Parse(manager) == account);
}
