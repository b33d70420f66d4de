using System.Diagnostics;
using System.Text;
using Grants.Service.Api.Documents;
using Grants.Service.Api.Limits;

namespace Grants.Fuzz;

/// <summary>What must hold of the guard and the parser behind it, whatever the bytes are.</summary>
public static class GuardTarget
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <exception cref="InvalidOperationException">It does not.</exception>
    public static void Run(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        // Twice, because a busy machine may look away once.
        if (IsSlow(text) && IsSlow(text))
            throw new InvalidOperationException("It took too long.");
        var (document, refusal) = DocumentGuard.Inspect(text);
        if (document is null && refusal is null)
            throw new InvalidOperationException("Neither a document nor a refusal.");
        if (refusal is not null && refusal.Code is not ("BAD_USER_INPUT" or "COST_EXCEEDED"))
            throw new InvalidOperationException($"Refused with {refusal.Code}.");
        if (document is not null && refusal is null && OperationCost.Of(document, null, new HashSet<string>()) < 1)
            throw new InvalidOperationException("It costs nothing.");
    }

    private static bool IsSlow(string text)
    {
        var start = Stopwatch.GetTimestamp();
        DocumentGuard.Inspect(text);
        return Stopwatch.GetElapsedTime(start) > Longest;
    }
}
