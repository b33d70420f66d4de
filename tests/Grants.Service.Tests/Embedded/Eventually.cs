using System.Diagnostics;
using Xunit;

namespace Grants.Service.Tests.Embedded;

/// <summary>Waits for what another process will do, and fails with its name when it does not.</summary>
internal static class Eventually
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(25);

    public static Task TrueAsync(Func<bool> condition, TimeSpan patience, string what) =>
        TrueAsync(() => Task.FromResult(condition()), patience, what);

    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan patience, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > patience)
                Assert.Fail($"Waited {patience} in vain until {what}.");
            await Task.Delay(LookAgain, TestContext.Current.CancellationToken);
        }
    }
}
