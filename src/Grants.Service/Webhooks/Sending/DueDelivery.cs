using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Grants.Service.Webhooks.Sending;

/// <summary>A delivery that is to be attempted now.</summary>
/// <param name="Attempt">From 1.</param>
/// <param name="Secrets">With which it is signed; during a rotation two.</param>
public sealed record DueDelivery(
    string Endpoint,
    Guid EventId,
    string Space,
    string Type,
    string Subject,
    DateTimeOffset At,
    int Attempt,
    string Url,
    IReadOnlyList<byte[]> Secrets)
{
    /// <summary>The same in every attempt: by it the receiver knows what it has.</summary>
    public string MessageId => $"msg_{EventId:N}";

    /// <summary>A CloudEvent (1.0) in JSON.</summary>
    public string Body(string origin) => JsonSerializer.Serialize(new
    {
        specversion = "1.0",
        id = EventId.ToString(),
        source = $"{origin}/spaces/{Space}",
        type = $"grants.{Type}",
        subject = Subject,
        time = At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        datacontenttype = "application/json",
        data = new { type = Type, space = Space, subject = Subject },
    });

    /// <summary>The header of Standard Webhooks: a signature for every secret.</summary>
    public string Signature(long timestamp, string body) => string.Join(' ', Secrets.Select(secret => "v1,"
        + Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{MessageId}.{timestamp}.{body}")))));
}
