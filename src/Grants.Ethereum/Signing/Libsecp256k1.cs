using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Grants.Ethereum.Signing;

/// <summary>The functions of secp256k1.h and secp256k1_recovery.h. All but the first return one for success.</summary>
internal static class Libsecp256k1
{
    private const string Name = "secp256k1";
    private const DllImportSearchPath SearchPath = DllImportSearchPath.SafeDirectories;

    /// <summary>
    /// The numbers of the binary interface by release: 7 is 0.8, 6 is 0.7, 5 is 0.6, 2 is 0.3 to 0.5, 1 is 0.2. They differ in the
    /// static context and in aliases that were removed, none of which is used here; the functions below are the same in all.
    /// Others are not tried, and neither is a file without a number.
    /// </summary>
    private static readonly int[] Interfaces = [7, 6, 5, 2, 1];

    private static readonly (IntPtr Handle, string Path)? Chosen = Open(Files(OperatingSystem.IsMacOS()));

    static Libsecp256k1() => NativeLibrary.SetDllImportResolver(
        typeof(Libsecp256k1).Assembly, (name, _, _) => name == Name && Chosen is { } chosen ? chosen.Handle : IntPtr.Zero);

    /// <summary>The file in use; null where none is installed that can recover public keys.</summary>
    public static string? Path => Chosen?.Path;

    /// <summary>SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY: from 0.2.0 on every context can do both.</summary>
    public const uint SignAndVerify = 0x301;

    /// <summary>SECP256K1_EC_UNCOMPRESSED.</summary>
    public const uint Uncompressed = 2;

    /// <summary>Bytes of the opaque secp256k1_pubkey.</summary>
    public const int PublicKeySize = 64;

    /// <summary>Bytes of the opaque secp256k1_ecdsa_signature.</summary>
    public const int SignatureSize = 64;

    /// <summary>Bytes of the opaque secp256k1_ecdsa_recoverable_signature.</summary>
    public const int RecoverableSignatureSize = 65;

    [DllImport(Name, EntryPoint = "secp256k1_context_create"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern IntPtr CreateContext(uint flags);

    [DllImport(Name, EntryPoint = "secp256k1_context_randomize"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int Randomize(IntPtr context, in byte seed);

    [DllImport(Name, EntryPoint = "secp256k1_ecdsa_recoverable_signature_parse_compact"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int ParseRecoverable(IntPtr context, ref byte signature, in byte compact, int recovery);

    [DllImport(Name, EntryPoint = "secp256k1_ecdsa_recoverable_signature_serialize_compact"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int SerializeRecoverable(IntPtr context, ref byte compact, out int recovery, in byte signature);

    [DllImport(Name, EntryPoint = "secp256k1_ecdsa_recover"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int Recover(IntPtr context, ref byte publicKey, in byte signature, in byte message);

    [DllImport(Name, EntryPoint = "secp256k1_ecdsa_sign_recoverable"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int SignRecoverable(
        IntPtr context, ref byte signature, in byte message, in byte secret, IntPtr nonceFunction, IntPtr nonceData);

    [DllImport(Name, EntryPoint = "secp256k1_ecdsa_signature_parse_compact"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int ParseCompact(IntPtr context, ref byte signature, in byte compact);

    [DllImport(Name, EntryPoint = "secp256k1_ecdsa_verify"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int Verify(IntPtr context, in byte signature, in byte message, in byte publicKey);

    [DllImport(Name, EntryPoint = "secp256k1_ec_pubkey_create"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int CreatePublicKey(IntPtr context, ref byte publicKey, in byte secret);

    [DllImport(Name, EntryPoint = "secp256k1_ec_pubkey_parse"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int ParsePublicKey(IntPtr context, ref byte publicKey, in byte encoded, nuint length);

    [DllImport(Name, EntryPoint = "secp256k1_ec_pubkey_serialize"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int SerializePublicKey(IntPtr context, ref byte encoded, ref nuint length, in byte publicKey, uint flags);

    /// <summary>Where a system may have the library, newest first. Homebrew's folder is not one that the loader of macOS knows.</summary>
    internal static IEnumerable<string> Files(bool isMacOS) => isMacOS
        ? Interfaces.SelectMany(number => new[] { $"lib{Name}.{number}.dylib", $"/opt/homebrew/lib/lib{Name}.{number}.dylib" })
        : Interfaces.Select(number => $"lib{Name}.so.{number}");

    /// <summary>Loads the first of the files that is there and has the module for recovery, which builds may leave out.</summary>
    internal static (IntPtr Handle, string Path)? Open(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            if (!NativeLibrary.TryLoad(file, typeof(Libsecp256k1).Assembly, SearchPath, out var handle))
                continue;
            if (NativeLibrary.TryGetExport(handle, "secp256k1_ecdsa_recover", out _))
                return (handle, WholePath(file));
            NativeLibrary.Free(handle);
        }

        return null;
    }

    /// <summary>Where the loader found the file, where the system tells, as it does on Linux.</summary>
    private static string WholePath(string file)
    {
        if (System.IO.Path.IsPathRooted(file))
            return file;
        using var process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>().Select(module => module.FileName)
            .FirstOrDefault(path => System.IO.Path.GetFileName(path).StartsWith(file, StringComparison.Ordinal)) ?? file;
    }
}
