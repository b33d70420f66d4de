using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Ethereum.Keystore;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class KeystoreV3Tests
{
    private const string Password = "pässword";
    private const string Secret = "3e162f86b5d2597f45abe337b3e39a98055b67d6536b81f3291857cbd425d79e";

    private static readonly PrivateKey Key = PrivateKey.Parse("0x" + Secret);
    private static readonly KeyDerivation Quick = new Pbkdf2Derivation(1);
    private static readonly string File = KeystoreV3.Encrypt(Key, Password, Quick);

    [Fact]
    public void the_vectors_of_the_definition_and_of_another_implementation_open()
    {
        foreach (var vector in VectorFile.Cases("keystore.json"))
        {
            var key = KeystoreV3.Decrypt(vector.GetProperty("file").GetRawText(), vector.Text("password"));
            Assert.Equal(PrivateKey.Parse(vector.Text("privateKey")).Address, key.Address);
        }
    }

    [Fact]
    public void what_is_written_opens_with_the_password_only()
    {
        KeyDerivation[] derivations = [Quick, new Pbkdf2Derivation(1000), new ScryptDerivation(256), new ScryptDerivation(16, 1, 2)];
        foreach (var derivation in derivations)
        {
            var file = KeystoreV3.Encrypt(Key, Password, derivation);
            Assert.Equal(Key.Address, KeystoreV3.Decrypt(file, Password).Address);
            Assert.NotEqual(file, KeystoreV3.Encrypt(Key, Password, derivation));
            foreach (var wrong in new[] { "", "password", Password + " ", Password.ToUpperInvariant() })
                Assert.Throws<WrongPasswordException>(() => KeystoreV3.Decrypt(file, wrong));
        }
    }

    [Fact]
    public void the_empty_password_is_one() =>
        Assert.Equal(Key.Address, KeystoreV3.Decrypt(KeystoreV3.Encrypt(Key, "", Quick), "").Address);

    [Fact]
    public void early_files_and_digits_after_0x_are_read()
    {
        var early = JsonNode.Parse(File)!.AsObject();
        var crypto = early["crypto"]!.DeepClone();
        early.Remove("crypto");
        early.Remove("address");
        crypto["mac"] = "0x" + crypto["mac"];
        early["Crypto"] = crypto;
        Assert.Equal(Key.Address, KeystoreV3.Decrypt(early.ToJsonString(), Password).Address);
    }

    public static TheoryData<string, string> Changes() => new()
    {
        { "version", "1" },
        { "version", "\"3\"" },
        { "version", "null" },
        { "crypto", "null" },
        { "crypto", "[]" },
        { "address", "\"00000000000000000000000000000000000000ad\"" },
        { "address", "7" },
        { "crypto.cipher", "\"aes-128-cbc\"" },
        { "crypto.cipherparams", "{}" },
        { "crypto.cipherparams.iv", "\"00\"" },
        { "crypto.ciphertext", "\"\"" },
        { "crypto.ciphertext", $"\"{Secret}00\"" },
        { "crypto.ciphertext", $"\"{Secret[..^1]}g\"" },
        { "crypto.mac", "\"00\"" },
        { "crypto.mac", "null" },
        { "crypto.kdf", "\"bcrypt\"" },
        { "crypto.kdf", "\"scrypt\"" },
        { "crypto.kdfparams", "{}" },
        { "crypto.kdfparams.prf", "\"hmac-sha1\"" },
        { "crypto.kdfparams.dklen", "64" },
        { "crypto.kdfparams.dklen", "2147483648" },
        { "crypto.kdfparams.c", "0" },
        { "crypto.kdfparams.c", "-1" },
        { "crypto.kdfparams.c", "10000001" },
        { "crypto.kdfparams.c", "1.5" },
        { "crypto.kdfparams.salt", "\"0\"" },
        { "crypto.kdfparams.salt", $"\"{new string('0', 258)}\"" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void a_file_that_is_no_keystore_is_refused_without_repeating_it(string path, string value)
    {
        var changed = JsonNode.Parse(File)!;
        var parent = changed;
        var names = path.Split('.');
        foreach (var name in names[..^1])
            parent = parent[name]!;
        parent[names[^1]] = JsonNode.Parse(value);
        var refusal = Assert.Throws<KeystoreException>(() => KeystoreV3.Decrypt(changed.ToJsonString(), Password));
        Assert.DoesNotContain(Secret[..16], refusal.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Password, refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"version\":3,\"version\":3}")]
    public void text_that_is_no_file_is_refused(string text)
    {
        Assert.Throws<KeystoreException>(() => KeystoreV3.Decrypt(text, Password));
        Assert.Throws<KeystoreException>(() => KeystoreV3.Decrypt(File + new string(' ', 16 * 1024), Password));
    }

    [Theory]
    [InlineData(0, 8, 1)]
    [InlineData(1, 8, 1)]
    [InlineData(-4, 8, 1)]
    [InlineData(1000, 8, 1)]
    [InlineData(1 << 19, 8, 1)]
    [InlineData(1 << 30, 1, 1)]
    [InlineData(1 << 18, 16, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 33, 1)]
    [InlineData(2, int.MaxValue, 1)]
    [InlineData(2, 8, 0)]
    [InlineData(2, 8, 17)]
    public void parameters_that_take_too_much_are_refused_before_any_work(int cost, int blockSize, int parallelism)
    {
        var derivation = new ScryptDerivation(cost, blockSize, parallelism);
        Assert.Throws<KeystoreException>(() => KeystoreV3.Encrypt(Key, Password, derivation));
        var file = JsonNode.Parse(KeystoreV3.Encrypt(Key, Password, new ScryptDerivation(2)))!;
        var parameters = file["crypto"]!["kdfparams"]!;
        (parameters["n"], parameters["r"], parameters["p"]) = (cost, blockSize, parallelism);
        Assert.Throws<KeystoreException>(() => KeystoreV3.Decrypt(file.ToJsonString(), Password));
    }

    [Fact]
    public void a_change_of_the_ciphertext_is_found()
    {
        foreach (var name in new[] { "ciphertext", "mac" })
        {
            var changed = JsonNode.Parse(File)!;
            var digits = changed["crypto"]![name]!.GetValue<string>();
            changed["crypto"]![name] = (digits[0] == '0' ? '1' : '0') + digits[1..];
            Assert.Throws<WrongPasswordException>(() => KeystoreV3.Decrypt(changed.ToJsonString(), Password));
        }
    }

    [Fact]
    public void the_key_never_shows()
    {
        var opened = KeystoreV3.Decrypt(File, Password);
        var wrong = Assert.Throws<WrongPasswordException>(() => KeystoreV3.Decrypt(File, "wrong"));
        var shown = $"{opened} {JsonSerializer.Serialize(opened)} {wrong} {File}";
        Assert.DoesNotContain(Secret, shown, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Password, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Hex.Format(Key.Secret)[2..18], shown, StringComparison.OrdinalIgnoreCase);
    }
}
