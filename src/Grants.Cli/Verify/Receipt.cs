using System.Text.Json;
using Grants.Domain.Ballots.Log;
using Grants.Primitives;

namespace Grants.Cli.Verify;

/// <summary>What a voter was given when the ballot was taken, or asked for later: its place in the log under a signed head.</summary>
/// <param name="Name">How the report calls it.</param>
/// <param name="Path">From the leaf to the head's root; null where the receipt has none.</param>
internal sealed record Receipt(
    string Name,
    long LogIndex,
    Hash32? Vote,
    Address Voter,
    UInt256 Nonce,
    Hash32? Digest,
    SignedTreeHead Signed,
    IReadOnlyList<Hash32>? Path)
{
    public const string Shape =
        "a JSON object with logIndex, voter, nonce and treeHead {space,size,root,timestamp,signature}, as castBallot answers, and where "
        + "there are any voteId, digest, and the path of the leaf under that head; other members are not looked at";

    /// <exception cref="FormatException">The file holds no receipt.</exception>
    public static Receipt Read(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(InputFile.Read(path));
            var (root, head) = (json.RootElement, json.RootElement.GetProperty("treeHead"));
            var treeHead = new TreeHead(
                Text(head, "space"),
                head.GetProperty("size").GetInt64(),
                Hash32.Parse(Text(head, "root")),
                head.GetProperty("timestamp").GetInt64());
            if (treeHead.Size < 0 || treeHead.Timestamp < 0)
                throw new FormatException("A size or time is negative.");
            return new Receipt(
                System.IO.Path.GetFileName(path),
                root.GetProperty("logIndex").GetInt64(),
                Optional(root, "voteId"),
                Address.Parse(Text(root, "voter")),
                UInt256.Parse(root.GetProperty("nonce").ToString()),
                Optional(root, "digest"),
                new SignedTreeHead(treeHead, Text(head, "signature")),
                PathOf(root));
        }
        catch (Exception wrong) when (
            wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new FormatException($"{path} is no receipt: {wrong.Message}", wrong);
        }
    }

    private static string Text(JsonElement element, string name) =>
        element.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null.");

    private static Hash32? Optional(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? Hash32.Parse(value.GetString()!) : null;

    private static Hash32[]? PathOf(JsonElement element) =>
        element.TryGetProperty("path", out var path) && path.ValueKind != JsonValueKind.Null
            ? [.. path.EnumerateArray().Select(hash => Hash32.Parse(hash.GetString()!))]
            : null;
}
