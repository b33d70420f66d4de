using Grants.Ethereum.Signing;
using Grants.Primitives;

namespace Grants.Service.Hosting;

/// <summary>A private key in a file: 0x and 64 digits, readable by the service's user alone.</summary>
public static class KeyFile
{
    /// <summary>Reads the key; makes a new one in a file of mode 0600 where there is none.</summary>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="InvalidOperationException">Others can read it.</exception>
    /// <exception cref="FormatException">It holds no key.</exception>
    public static PrivateKey ReadOrCreate(string file)
    {
        if (!File.Exists(file))
            Create(file);
        return Read(file);
    }

    /// <summary>Reads the key.</summary>
    /// <exception cref="InvalidOperationException">Others can read it.</exception>
    /// <exception cref="FormatException">It holds no key.</exception>
    public static PrivateKey Read(string file)
    {
        RefuseOpen(file);
        return PrivateKey.Parse(File.ReadAllText(file).Trim());
    }

    /// <summary>Refuses a file with a secret that others can read.</summary>
    /// <exception cref="InvalidOperationException">They can.</exception>
    public static void RefuseOpen(string file)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
            throw new InvalidOperationException($"The key file {file} can be read by others; make it mode 0600.");
    }

    // Written beside and moved, so that whoever starts at the same time reads a whole key or makes none.
    private static void Create(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var draft = $"{file}.{Guid.CreateVersion7():N}";
        var access = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(draft, System.Text.Encoding.ASCII, access))
            writer.Write(Hex.Format(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
        try
        {
            File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(draft);
        }
    }
}
