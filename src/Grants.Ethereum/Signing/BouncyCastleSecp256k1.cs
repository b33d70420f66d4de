using Grants.Primitives;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Math.EC.Multiplier;
using Org.BouncyCastle.Utilities;

namespace Grants.Ethereum.Signing;

/// <summary>The curve of SEC 2 in managed code, by BouncyCastle, on every machine.</summary>
public sealed class BouncyCastleSecp256k1 : ISecp256k1
{
    private const byte Uncompressed = 4;

    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");

    /// <inheritdoc/>
    public string Name => "BouncyCastle";

    /// <inheritdoc/>
    public bool TryRecover(Hash32 digest, Signature signature, Span<byte> publicKey)
    {
        if (signature == default || Point(signature) is not { } point)
            return false;
        // Q = r⁻¹(sR - eG)
        var inverse = BigIntegers.ModOddInverse(Curve.N, Number(signature.R));
        var generatorFactor = Number(digest.ToBytes()).Negate().Multiply(inverse).Mod(Curve.N);
        var pointFactor = Number(signature.S).Multiply(inverse).Mod(Curve.N);
        var key = ECAlgorithms.SumOfTwoMultiplies(Curve.G, generatorFactor, point, pointFactor);
        if (key.IsInfinity)
            return false;
        Write(key, publicKey);
        return true;
    }

    /// <inheritdoc/>
    public bool Verify(Hash32 digest, Signature signature, ReadOnlySpan<byte> publicKey)
    {
        if (signature == default || publicKey.Length != Secp256k1.PublicKeyLength)
            return false;
        ECPoint key;
        try
        {
            key = Curve.Curve.DecodePoint([Uncompressed, .. publicKey]);
        }
        catch (ArgumentException)
        {
            return false;
        }

        // The x of s⁻¹(eG + rQ) is r.
        var r = Number(signature.R);
        var inverse = BigIntegers.ModOddInverse(Curve.N, Number(signature.S));
        var generatorFactor = Number(digest.ToBytes()).Multiply(inverse).Mod(Curve.N);
        var point = ECAlgorithms.SumOfTwoMultiplies(Curve.G, generatorFactor, key, r.Multiply(inverse).Mod(Curve.N));
        return !point.IsInfinity && point.Normalize().AffineXCoord.ToBigInteger().Mod(Curve.N).Equals(r);
    }

    /// <inheritdoc/>
    public Signature Sign(Hash32 digest, ReadOnlySpan<byte> secret)
    {
        var key = Secret(secret);
        var message = digest.ToBytes();
        var nonces = new HMacDsaKCalculator(new Sha256Digest());
        nonces.Init(Curve.N, key, message);
        while (true)
        {
            var nonce = nonces.NextK();
            var point = new FixedPointCombMultiplier().Multiply(Curve.G, nonce).Normalize();
            var x = point.AffineXCoord.ToBigInteger();
            var s = BigIntegers.ModOddInverse(Curve.N, nonce).Multiply(Number(message).Add(key.Multiply(x))).Mod(Curve.N);
            var yIsOdd = point.AffineYCoord.TestBitZero();
            if (s.CompareTo(Curve.N.ShiftRight(1)) > 0)
                (s, yIsOdd) = (Curve.N.Subtract(s), !yIsOdd);
            // An x above the order, or a zero, has odds of about 2^-127 and cannot be written as a signature.
            if (Signature.TryCreate(Value(x), Value(s), yIsOdd ? 1 : 0, out var signature, out _))
                return signature;
        }
    }

    /// <inheritdoc/>
    public void PublicKey(ReadOnlySpan<byte> secret, Span<byte> publicKey) =>
        Write(new FixedPointCombMultiplier().Multiply(Curve.G, Secret(secret)), publicKey);

    private static void Write(ECPoint point, Span<byte> publicKey)
    {
        Span<byte> encoded = stackalloc byte[1 + Secp256k1.PublicKeyLength];
        point.Normalize().EncodeTo(compressed: false, encoded);
        encoded[1..].CopyTo(publicKey);
    }

    /// <summary>The point whose x is r, and whose y has the parity; the curve has none for half of all x.</summary>
    private static ECPoint? Point(Signature signature)
    {
        var x = Curve.Curve.FromBigInteger(Number(signature.R));
        var y = x.Square().Multiply(x).Add(Curve.Curve.B).Sqrt();
        if (y is null)
            return null;
        if (y.TestBitZero() != (signature.YParity == 1))
            y = y.Negate();
        return Curve.Curve.CreatePoint(x.ToBigInteger(), y.ToBigInteger());
    }

    private static BigInteger Secret(ReadOnlySpan<byte> secret) =>
        Secp256k1.IsSecret(secret) ? Number(secret) : throw Secp256k1.NoSecret(nameof(secret));

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(1, bytes);

    private static BigInteger Number(UInt256 value) => new(1, value.ToBytes());

    private static UInt256 Value(BigInteger number) => UInt256.FromBytes(number.ToByteArrayUnsigned());
}
