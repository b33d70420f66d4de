using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Grants.Service.Hosting.Embedded.Processes;
using Xunit;

namespace Grants.Service.Tests.Vesting;

/// <summary>
/// The compiled contracts of Sablier Lockup, as npm packs them. They are under the Business Source Licence and no part of this
/// repository: fetched when they are not there, beside the other oracles, and known by their hashes. "npm install" would fail on
/// dependencies that are repositories.
/// </summary>
internal static class SablierPackages
{
    private const int MostAttempts = 2;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(3);

    public static Tarball Lockup { get; } = new(
        "@sablier/lockup@4.0.1",
        "sablier-lockup-4.0.1.tgz",
        "jEWd1RqcYpjFx9X5SCju9Aqlge+R5zSxb+7K2jYt7wtytTQmUzIRN+q4UadMcJMSmskHU+6mf9lDfkng9Bgjrw==");

    public static Tarball Utilities { get; } = new(
        "@sablier/evm-utils@2.0.1",
        "sablier-evm-utils-2.0.1.tgz",
        "LRyCMKTHMbnUbiTTO1IGsCVXzl+KL63K3qSjynwmXOZhUfPDE0MIqvvRlvF34JukWGy60IkdmnsPD0lWk+fzuw==");

    private static string Home { get; } = Path.GetFullPath(Path.Combine(Here(), "../../oracles"));

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    /// <param name="Package">What npm is asked for.</param>
    /// <param name="File">As npm names it.</param>
    /// <param name="Sha512">In base 64, as in "dist.integrity" of the package.</param>
    internal sealed record Tarball(string Package, string File, string Sha512)
    {
        private string Place => Path.Combine(Home, "packed", File);

        /// <summary>A JSON file of the package.</summary>
        /// <param name="path">Below the package's folder.</param>
        public async Task<JsonElement> ReadAsync(string path) => (await ReadAsync([path]))[path];

        /// <summary>JSON files of the package, which is read once.</summary>
        /// <param name="paths">Below the package's folder.</param>
        public async Task<IReadOnlyDictionary<string, JsonElement>> ReadAsync(IReadOnlyCollection<string> paths)
        {
            for (var attempt = 1; !IsWhole(); attempt++)
                await FetchAsync(mayFail: attempt < MostAttempts);
            await using var packed = new GZipStream(System.IO.File.OpenRead(Place), CompressionMode.Decompress);
            await using var entries = new TarReader(packed);
            var sought = paths.ToDictionary(path => $"package/{path}");
            var found = new Dictionary<string, JsonElement>();
            while (found.Count < sought.Count && await entries.GetNextEntryAsync() is { } entry)
            {
                if (sought.TryGetValue(entry.Name, out var path))
                    found[path] = JsonElement.Parse(await ReadAsync(entry.DataStream!));
            }

            return found.Count == sought.Count
                ? found
                : throw new FileNotFoundException($"{Package} has no {string.Join(", ", paths.Except(found.Keys))}.");
        }

        private static async Task<byte[]> ReadAsync(Stream stream)
        {
            using var all = new MemoryStream();
            await stream.CopyToAsync(all);
            return all.ToArray();
        }

        private bool IsWhole() => System.IO.File.Exists(Place)
            && Convert.ToBase64String(SHA512.HashData(System.IO.File.ReadAllBytes(Place))) == Sha512;

        // Into a folder of its own and then in its place at once: another run may be at the same.
        private async Task FetchAsync(bool mayFail)
        {
            var work = Directory.CreateDirectory(Path.Combine(Home, "packed", Path.GetRandomFileName())).FullName;
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
                limit.CancelAfter(TimeLimit);
                var npm = await Command.RunAsync(
                    ["npm", "pack", Package, "--ignore-scripts", "--pack-destination", work], Home, limit.Token);
                if (npm.Succeeded)
                    System.IO.File.Move(Path.Combine(work, File), Place, overwrite: true);
                if (!mayFail && !IsWhole())
                    throw new InvalidOperationException($"\"npm pack {Package}\" in {Home} did not give what was expected: {npm.Tail}");
            }
            finally
            {
                Directory.Delete(work, recursive: true);
            }
        }
    }
}
