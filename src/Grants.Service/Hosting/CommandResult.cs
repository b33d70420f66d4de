using Grants.Domain;

namespace Grants.Service.Hosting;

/// <summary>The answer to a command: done (now or before), or refused with a reason.</summary>
public sealed record CommandResult(Rejection? Rejection)
{
    public static CommandResult Done { get; } = new((Rejection?)null);

    public bool IsAccepted => Rejection is null;

    public static implicit operator CommandResult(Rejection rejection) => new(rejection);
}
