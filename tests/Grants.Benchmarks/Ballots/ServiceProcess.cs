using System.Diagnostics;

namespace Grants.Benchmarks.Ballots;

/// <summary>The service in a process of its own, as it is deployed, beside the database.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly Process process;

    private ServiceProcess(Process process, Uri url) => (this.process, Url) = (process, url);

    public Uri Url { get; }

    public int Id => process.Id;

    /// <param name="managed">Forbids the native curve.</param>
    /// <param name="settings">Beside those of every benchmark, as environment variables.</param>
    public static async Task<ServiceProcess> StartAsync(
        string connection, Uri node, string folder, bool managed, params (string Name, string Value)[] settings)
    {
        // Built beside this program: artifacts/bin/<project>/<configuration>.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(here.Parent!.Parent!.FullName, "Grants.Service", here.Name, "Grants.Service.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program, "--data", folder, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["ConnectionStrings__Grants"] = connection;
        start.Environment["Chains__0__Rpc"] = node.ToString();
        start.Environment["Chains__0__IsDevelopment"] = "true";
        start.Environment["BallotLog__KeyFile"] = Path.Combine(folder, "log.key");
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        // All load comes from one address.
        start.Environment["Limits__AnonymousCostPerMinute"] = "1000000000";
        start.Environment["GRANTS_SECP256K1"] = managed ? "managed" : "";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        const string said = "Grants serves at ";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith(said, StringComparison.Ordinal))
            {
                Console.Error.WriteLine(line);
                continue;
            }

            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return new ServiceProcess(process, new Uri(line[said.Length..line.IndexOf(": ", said.Length, StringComparison.Ordinal)]));
        }

        throw new InvalidOperationException("The service ended before it served.");
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
