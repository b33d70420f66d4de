using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Grants.Service.Tests.Embedded;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Grants.Service.Tests.Disbursements.Signing;

/// <summary>
/// A server that speaks the part of AWS KMS's JSON protocol that a signer needs, with a real key: GetPublicKey and Sign. It checks no
/// credentials. It is no KMS; what it stands for is the wire.
/// </summary>
internal sealed class KeyService : IAsyncDisposable
{
    private const string Curve = "1.3.132.0.10";

    private readonly TaskCompletionSource over = new();

    private readonly WebApplication app;

    private KeyService(WebApplication app, PrivateKey key) => (this.app, Key) = (app, key);

    public PrivateKey Key { get; }

    public Uri Endpoint { get; private set; } = null!;

    /// <summary>So many signatures are made and their answer is lost with the connection.</summary>
    public int Breaks { get; set; }

    /// <summary>So many requests are answered as KMS answers who asks too often.</summary>
    public int Throttles { get; set; }

    /// <summary>It takes requests and answers none.</summary>
    public bool IsSilent { get; set; }

    /// <summary>How many requests it took.</summary>
    public int Asked { get; private set; }

    /// <summary>A key of the curve P-256, with which it signs instead: KMS has those as well.</summary>
    public ECDsa? OtherCurve { get; init; }

    /// <summary>What becomes of a signature on its way.</summary>
    public Func<byte[], byte[]> Spoils { get; set; } = signature => signature;

    /// <summary>Which halves s was in.</summary>
    public HashSet<bool> UpperHalves { get; } = [];

    /// <summary>What it has signed.</summary>
    public List<Hash32> Signed { get; } = [];

    /// <param name="key">Of secp256k1.</param>
    /// <param name="otherCurve">A key that it has instead.</param>
    public static async Task<KeyService> StartAsync(PrivateKey key, ECDsa? otherCurve = null)
    {
        // Where the SDK looks for credentials.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "nobody");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "nothing");
        var app = BareHost.CreateBuilder().Build();
        var service = new KeyService(app, key) { OtherCurve = otherCurve };
        app.Run(service.AnswerAsync);
        service.Endpoint = await app.ServeAsync();
        return service;
    }

    public ValueTask DisposeAsync()
    {
        over.TrySetResult();
        return app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = (await JsonNode.ParseAsync(context.Request.Body))!;
        Asked++;
        var isSign = context.Request.Headers["X-Amz-Target"] == "TrentService.Sign";
        if (IsSilent)
            await over.Task;
        if (Throttles-- > 0)
        {
            context.Response.StatusCode = 400;
            context.Response.ContentType = "application/x-amz-json-1.1";
            await context.Response.WriteAsync("""{"__type":"ThrottlingException","message":"Rate exceeded"}""");
            return;
        }

        var answer = context.Request.Headers["X-Amz-Target"].ToString() switch
        {
            "TrentService.GetPublicKey" => new JsonObject { ["PublicKey"] = Convert.ToBase64String(Info()) },
            "TrentService.Sign" => new JsonObject { ["Signature"] = Convert.ToBase64String(Spoils(Sign(request))) },
            var other => throw new InvalidOperationException($"It knows no {other}."),
        };
        if (isSign && Breaks-- > 0)
        {
            context.Abort();
            return;
        }

        answer["KeyId"] = request["KeyId"]!.DeepClone();
        context.Response.ContentType = "application/x-amz-json-1.1";
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private byte[] Sign(JsonNode request)
    {
        Assert("DIGEST", request["MessageType"]);
        Assert("ECDSA_SHA_256", request["SigningAlgorithm"]);
        var digest = new Hash32(Convert.FromBase64String(request["Message"]!.GetValue<string>()));
        Signed.Add(digest);
        if (OtherCurve is { } other)
            return other.SignHash(digest.ToBytes(), DSASignatureFormat.Rfc3279DerSequence);
        var signature = Key.Sign(digest);
        var order = UInt256.FromBytes(Hex.Parse("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"));
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(signature.R.ToBigInteger());
            // KMS does not care which half s is in.
            UpperHalves.Add(Signed.Count % 2 != 0);
            writer.WriteInteger((Signed.Count % 2 == 0 ? signature.S : order - signature.S).ToBigInteger());
        }

        return writer.Encode();
    }

    private static void Assert(string expected, JsonNode? found)
    {
        if (found?.GetValue<string>() != expected)
            throw new InvalidOperationException($"Expected {expected}, found {found}.");
    }

    private byte[] Info()
    {
        if (OtherCurve is { } other)
            return other.ExportSubjectPublicKeyInfo();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.10045.2.1");
                writer.WriteObjectIdentifier(Curve);
            }

            writer.WriteBitString([4, .. PublicKey()]);
        }

        return writer.Encode();
    }

    private byte[] PublicKey() => Key.PublicKey();
}
