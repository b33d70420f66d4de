using Grants.Ethereum.Signing;
using Microsoft.Extensions.Options;

namespace Grants.Service.Disbursements;

/// <summary>Section <c>Treasury</c>.</summary>
public sealed class TreasuryOptions
{
    /// <summary>A file that holds the operator's private key, readable by the service's user alone.</summary>
    public string? KeyFile { get; set; }

    /// <summary>How long a signed transaction may be mined, seconds; the vault refuses it afterwards.</summary>
    public int DeadlineSeconds { get; set; } = 86_400;
}

/// <summary>
/// The treasury's hot key. It can pay only what the vault allows, only to the rightful recipients. Without a key file
/// nothing is signed.
/// </summary>
public sealed class OperatorKey(IOptions<TreasuryOptions> options)
{
    private readonly Lazy<PrivateKey?> key = new(() => Read(options.Value.KeyFile));

    public PrivateKey? Key => key.Value;

    /// <summary>Makes a new key in a file of mode 0600, unless there is one.</summary>
    public static PrivateKey Create(string file)
    {
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            var access = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var stream = new FileStream(file, access);
            using var writer = new StreamWriter(stream);
            writer.Write(Primitives.Hex.Format(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
        }

        return Read(file)!;
    }

    private static PrivateKey? Read(string? file)
    {
        if (string.IsNullOrEmpty(file))
            return null;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
            throw new InvalidOperationException("The treasury's key file can be read by others; make it mode 0600.");
        return PrivateKey.Parse(File.ReadAllText(file).Trim());
    }
}
