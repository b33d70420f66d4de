using System.Globalization;

namespace Grants.Service.Hosting.Embedded;

/// <summary>
/// Holds a data directory for this process. The lock is the kernel's, so it ends with the process however that ends;
/// the process id beside it only serves the message of those who come second.
/// </summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream held;
    private readonly string owner;

    private DataDirectoryLock(FileStream held, string owner)
    {
        this.held = held;
        this.owner = owner;
    }

    /// <exception cref="DataDirectoryInUseException">Somebody else holds it.</exception>
    public static DataDirectoryLock Take(string directory)
    {
        Directory.CreateDirectory(directory);
        var owner = Path.Combine(directory, "service.pid");
        var held = TryOpen(Path.Combine(directory, "service.lock")) ?? throw new DataDirectoryInUseException(directory, ReadOwner(owner));
        File.WriteAllText(owner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new DataDirectoryLock(held, owner);
    }

    /// <summary>Opens for this process alone, or answers null when another process has it open.</summary>
    internal static FileStream? TryOpen(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(file))
        {
            return null;
        }
    }

    public void Dispose()
    {
        File.Delete(owner);
        held.Dispose();
    }

    private static int? ReadOwner(string file) =>
        File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var pid) ? pid : null;
}
