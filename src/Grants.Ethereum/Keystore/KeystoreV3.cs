using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace Grants.Ethereum.Keystore;

/// <summary>
/// A private key under a password, in version 3 of the Web3 Secret Storage Definition: AES-128-CTR under one half of the
/// derived key, and a Keccak-256 mac under the other. The password's UTF-8 bytes are taken as they are.
/// </summary>
public static class KeystoreV3
{
    private const int Version = 3;
    private const string Cipher = "aes-128-ctr";
    private const string PseudoRandomFunction = "hmac-sha256";
    private const int LongestFile = 16 * 1024;
    private const int SaltLength = 32;
    private const int LongestSalt = 128;
    private const int BlockLength = 16;
    private const int CipherKeyLength = 16;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8, AllowDuplicateProperties = false };
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The file's text. Without a derivation, scrypt takes 256 MiB and about a second.</summary>
    /// <exception cref="KeystoreException">The derivation's parameters are out of bounds.</exception>
    public static string Encrypt(PrivateKey key, string password, KeyDerivation? derivation = null)
    {
        derivation ??= new ScryptDerivation();
        var (salt, vector) = (RandomNumberGenerator.GetBytes(SaltLength), RandomNumberGenerator.GetBytes(BlockLength));
        var derived = derivation.Derive(Encoding.UTF8.GetBytes(password), salt);
        var text = ApplyCipher(derived, vector, key.Secret);
        var mac = Mac(derived, text);
        CryptographicOperations.ZeroMemory(derived);
        var parameters = derivation switch
        {
            ScryptDerivation scrypt => new JsonObject
            {
                ["n"] = scrypt.Cost,
                ["r"] = scrypt.BlockSize,
                ["p"] = scrypt.Parallelism,
            },
            Pbkdf2Derivation pbkdf2 => new JsonObject { ["c"] = pbkdf2.Iterations, ["prf"] = PseudoRandomFunction },
            _ => throw new ArgumentOutOfRangeException(nameof(derivation)),
        };
        parameters["dklen"] = KeyDerivation.KeyLength;
        parameters["salt"] = Convert.ToHexStringLower(salt);
        return new JsonObject
        {
            ["version"] = Version,
            ["id"] = Guid.NewGuid().ToString(),
            ["address"] = Convert.ToHexStringLower(key.Address.ToBytes()),
            ["crypto"] = new JsonObject
            {
                ["cipher"] = Cipher,
                ["cipherparams"] = new JsonObject { ["iv"] = Convert.ToHexStringLower(vector) },
                ["ciphertext"] = Convert.ToHexStringLower(text),
                ["kdf"] = derivation.Name,
                ["kdfparams"] = parameters,
                ["mac"] = Convert.ToHexStringLower(mac),
            },
        }.ToJsonString(Indented);
    }

    /// <summary>Opens a file's text.</summary>
    /// <exception cref="WrongPasswordException">Another password, or a file whose ciphertext, salt or mac was changed.</exception>
    /// <exception cref="KeystoreException">Not a keystore of version 3, parameters out of bounds, or another account's key.</exception>
    public static PrivateKey Decrypt(string json, string password)
    {
        if (json.Length > LongestFile)
            throw new KeystoreException("The keystore is too long.");
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return Open(document.RootElement, Encoding.UTF8.GetBytes(password));
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException
            or (FormatException and not KeystoreException))
        {
            // What the reader quotes may be part of the file, so its exception is not kept.
            throw new KeystoreException("The text is no keystore of version 3.");
        }
    }

    private static PrivateKey Open(JsonElement file, byte[] password)
    {
        if (file.GetProperty("version").GetInt32() != Version)
            throw new KeystoreException("The keystore is not of version 3.");
        // Early wallets wrote "Crypto".
        var crypto = file.TryGetProperty("crypto", out var found) ? found : file.GetProperty("Crypto");
        if (crypto.GetProperty("cipher").GetString() != Cipher)
            throw new KeystoreException($"The keystore's cipher is not {Cipher}.");
        var vector = Bytes(crypto.GetProperty("cipherparams"), "iv", BlockLength);
        var text = Bytes(crypto, "ciphertext", Secp256k1.SecretLength);
        var mac = Bytes(crypto, "mac", Hash32.Length);
        var parameters = crypto.GetProperty("kdfparams");
        var derivation = Derivation(crypto.GetProperty("kdf").GetString(), parameters);
        if (parameters.GetProperty("dklen").GetInt32() != KeyDerivation.KeyLength)
            throw new KeystoreException($"The keystore's derived key has not {KeyDerivation.KeyLength} bytes.");
        var derived = derivation.Derive(password, Salt(parameters));
        if (!CryptographicOperations.FixedTimeEquals(Mac(derived, text), mac))
            throw new WrongPasswordException();
        var secret = ApplyCipher(derived, vector, text);
        var key = PrivateKey.From(secret) ?? throw new KeystoreException("The keystore holds no private key of the curve.");
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(derived);
        return !file.TryGetProperty("address", out var address) || IsOf(key, address.GetString())
            ? key
            : throw new KeystoreException("The keystore holds the key of another account than it says.");
    }

    private static KeyDerivation Derivation(string? name, JsonElement parameters) => name switch
    {
        "scrypt" => new ScryptDerivation(
            parameters.GetProperty("n").GetInt32(), parameters.GetProperty("r").GetInt32(), parameters.GetProperty("p").GetInt32()),
        "pbkdf2" when parameters.GetProperty("prf").GetString() == PseudoRandomFunction =>
            new Pbkdf2Derivation(parameters.GetProperty("c").GetInt32()),
        _ => throw new KeystoreException("The keystore's key derivation is not known."),
    };

    private static bool IsOf(PrivateKey key, string? text) =>
        string.Equals(Text(text), Convert.ToHexString(key.Address.ToBytes()), StringComparison.OrdinalIgnoreCase);

    private static byte[] Salt(JsonElement parameters)
    {
        var salt = Convert.FromHexString(Text(parameters.GetProperty("salt").GetString()));
        return salt.Length <= LongestSalt ? salt : throw new KeystoreException("The keystore's salt is too long.");
    }

    private static byte[] Bytes(JsonElement parent, string name, int length)
    {
        var bytes = Convert.FromHexString(Text(parent.GetProperty(name).GetString()));
        return bytes.Length == length ? bytes : throw new KeystoreException($"The keystore's {name} has not {length} bytes.");
    }

    /// <summary>The definition has no 0x before digits; some wallets write it.</summary>
    private static string Text(string? digits) => digits switch
    {
        null => throw new KeystoreException("The keystore lacks a text."),
        _ when digits.StartsWith("0x", StringComparison.Ordinal) => digits[2..],
        _ => digits,
    };

    private static byte[] Mac(byte[] derived, byte[] text) => Keccak256.Hash([.. derived[CipherKeyLength..], .. text]).ToBytes();

    /// <summary>In counter mode the same is done to encrypt and to decrypt.</summary>
    private static byte[] ApplyCipher(byte[] derived, byte[] vector, ReadOnlySpan<byte> text)
    {
        var cipher = new SicBlockCipher(new AesEngine());
        cipher.Init(true, new ParametersWithIV(new KeyParameter(derived, 0, CipherKeyLength), vector));
        var result = new byte[text.Length];
        for (var at = 0; at < text.Length; at += BlockLength)
            cipher.ProcessBlock(text[at..], result.AsSpan(at));
        return result;
    }
}
