using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Grants.Ethereum.Tests.Oracles;

/// <summary>The folder of the npm packages to compare with. Restored when it is not, by one process at a time.</summary>
internal static class OraclePackages
{
    private const int MostAttempts = 2;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    private static string Home { get; } = Path.GetFullPath(Path.Combine(Here(), "../../oracles"));

    // npm writes it when everything is there. Older than the list of packages, it tells of others.
    private static FileInfo Restored => new(Path.Combine(Home, "node_modules", ".package-lock.json"));

    private static bool AreRestored => Restored is { Exists: true, LastWriteTimeUtc: var restored }
        && restored >= File.GetLastWriteTimeUtc(Path.Combine(Home, "package-lock.json"));

    /// <summary>Starts a script of the folder with node, restoring the packages first.</summary>
    public static async Task<Process> StartAsync(string script)
    {
        if (!AreRestored)
            await RestoreAsync();
        return Start("node", Path.Combine(Home, script));
    }

    private static async Task RestoreAsync()
    {
        using var turn = await TakeTurnAsync();
        for (var attempt = 1; !AreRestored; attempt++)
        {
            using var npm = Start("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
            npm.StandardInput.Close();
            var output = npm.StandardOutput.ReadToEndAsync();
            using var limit = new CancellationTokenSource(TimeLimit);
            try
            {
                await npm.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                npm.Kill(entireProcessTree: true);
                await npm.WaitForExitAsync();
            }

            if (npm.ExitCode == 0)
                return;
            if (attempt == MostAttempts)
                throw new InvalidOperationException($"\"npm ci --ignore-scripts\" in {Home} failed: {await output}");
        }
    }

    private static Process Start(string program, params string[] arguments) => Process.Start(
        new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Home,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    private static async Task<FileStream> TakeTurnAsync()
    {
        var file = Path.Combine(Path.GetTempPath(), $"grants-oracles-{Environment.UserName}.lock");
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file))
            {
                await Task.Delay(LookAgain);
            }
        }
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
