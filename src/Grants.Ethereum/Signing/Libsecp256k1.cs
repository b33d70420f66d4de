using System.Runtime.InteropServices;

namespace Grants.Ethereum.Signing;

/// <summary>The functions of secp256k1.h and secp256k1_recovery.h. All but the first return one for success.</summary>
internal static class Libsecp256k1
{
    public const string File = "libsecp256k1.so.1";
    public const DllImportSearchPath SearchPath = DllImportSearchPath.SafeDirectories;

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

    [DllImport(File, EntryPoint = "secp256k1_context_create"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern IntPtr CreateContext(uint flags);

    [DllImport(File, EntryPoint = "secp256k1_context_randomize"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int Randomize(IntPtr context, in byte seed);

    [DllImport(File, EntryPoint = "secp256k1_ecdsa_recoverable_signature_parse_compact"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int ParseRecoverable(IntPtr context, ref byte signature, in byte compact, int recovery);

    [DllImport(File, EntryPoint = "secp256k1_ecdsa_recoverable_signature_serialize_compact"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int SerializeRecoverable(IntPtr context, ref byte compact, out int recovery, in byte signature);

    [DllImport(File, EntryPoint = "secp256k1_ecdsa_recover"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int Recover(IntPtr context, ref byte publicKey, in byte signature, in byte message);

    [DllImport(File, EntryPoint = "secp256k1_ecdsa_sign_recoverable"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int SignRecoverable(
        IntPtr context, ref byte signature, in byte message, in byte secret, IntPtr nonceFunction, IntPtr nonceData);

    [DllImport(File, EntryPoint = "secp256k1_ecdsa_signature_parse_compact"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int ParseCompact(IntPtr context, ref byte signature, in byte compact);

    [DllImport(File, EntryPoint = "secp256k1_ecdsa_verify"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int Verify(IntPtr context, in byte signature, in byte message, in byte publicKey);

    [DllImport(File, EntryPoint = "secp256k1_ec_pubkey_create"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int CreatePublicKey(IntPtr context, ref byte publicKey, in byte secret);

    [DllImport(File, EntryPoint = "secp256k1_ec_pubkey_parse"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int ParsePublicKey(IntPtr context, ref byte publicKey, in byte encoded, nuint length);

    [DllImport(File, EntryPoint = "secp256k1_ec_pubkey_serialize"), DefaultDllImportSearchPaths(SearchPath)]
    public static extern int SerializePublicKey(IntPtr context, ref byte encoded, ref nuint length, in byte publicKey, uint flags);
}
