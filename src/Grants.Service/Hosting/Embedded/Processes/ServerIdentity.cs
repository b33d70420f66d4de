using System.ComponentModel;
using System.Globalization;

namespace Grants.Service.Hosting.Embedded.Processes;

/// <summary>
/// As whom PostgreSQL runs. It refuses to be root, and to be somebody whom the system has no name for, as in containers;
/// then its command line gets a prefix that makes it nobody.
/// </summary>
/// <param name="Prefix">What comes before the command line.</param>
/// <param name="FileOwner">The user id that files on disk must have, when it may differ from ours.</param>
internal sealed record ServerIdentity(IReadOnlyList<string> Prefix, int? FileOwner)
{
    private const string Nobody = "65534";

    /// <summary>We are nobody special: run as we are.</summary>
    public static readonly ServerIdentity Ourselves = new([], null);

    /// <summary>A user namespace in which we appear as nobody. Files stay ours, and the process id is the server's.</summary>
    public static readonly ServerIdentity Namespaced =
        new(["unshare", "--user", $"--map-user={Nobody}", $"--map-group={Nobody}"], Environment.IsPrivilegedProcess ? 0 : null);

    /// <summary>The user that owns nothing. For containers that forbid namespaces; every folder on the way must let it pass.</summary>
    public static readonly ServerIdentity Unprivileged =
        new(["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"], int.Parse(Nobody, CultureInfo.InvariantCulture));

    /// <summary>The first identity that initdb accepts. It makes nothing here.</summary>
    public static Task<ServerIdentity> ChooseAsync(string initdb, CancellationToken cancellation) =>
        ChooseAsync(
            [initdb, "--show", "-D", "none"],
            Environment.IsPrivilegedProcess ? [Namespaced, Unprivileged] : [Ourselves, Namespaced],
            cancellation);

    internal static async Task<ServerIdentity> ChooseAsync(
        IReadOnlyList<string> trial, IReadOnlyList<ServerIdentity> candidates, CancellationToken cancellation)
    {
        var refusals = new List<string>();
        foreach (var candidate in candidates)
        {
            try
            {
                var tried = await Command.RunAsync(candidate.Line(trial), null, cancellation);
                if (tried.Succeeded)
                    return candidate;
                refusals.Add(tried.Tail);
            }
            catch (Win32Exception missing)
            {
                refusals.Add(missing.Message);
            }
        }

        throw new EmbeddedServerException(
            "PostgreSQL can't run as this user. Run the service as an ordinary user that the system has a name for, or allow it user "
            + $"namespaces (unshare) or a change of user (setpriv). The attempts said:\n{string.Join('\n', refusals)}");
    }

    public IReadOnlyList<string> Line(params IEnumerable<string> line) => [.. Prefix, .. line];

    /// <summary>Gives a folder and all in it to the identity, unless it has it.</summary>
    public async Task OwnAsync(string directory, CancellationToken cancellation)
    {
        if (FileOwner is not { } owner)
            return;
        var now = await Command.RunAsync(["stat", "-c", "%u", directory], null, cancellation);
        if (now.Output.Trim() == owner.ToString(CultureInfo.InvariantCulture))
            return;
        var given = await Command.RunAsync(["chown", "-R", $"{owner}:{owner}", directory], null, cancellation);
        if (!given.Succeeded)
            throw new EmbeddedServerException($"Can't give {directory} to user {owner}:\n{given.Tail}");
    }
}
