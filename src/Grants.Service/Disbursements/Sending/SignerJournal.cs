using System.Text.Json;
using Grants.Primitives;
using Microsoft.Extensions.Options;

namespace Grants.Service.Disbursements.Sending;

/// <summary>What was signed with one nonce: the same duty whenever it is signed again, or it is refused.</summary>
public sealed record JournalLine(long ChainId, long Nonce, Hash32 Duty, Hash32 TransactionHash);

/// <summary>
/// The signer's own memory, in a file beside its key: a line is on the disk before a signature leaves it. It keeps a database that
/// was restored from a copy from signing something else with a nonce that was used.
/// </summary>
public sealed class SignerJournal(IOptions<TreasuryOptions> options)
{
    private readonly Lock gate = new();
    private Dictionary<(long ChainId, long Nonce), Hash32>? duties;

    private string? File => options.Value.KeyFile is { Length: > 0 } file ? $"{file}.journal" : null;

    /// <summary>The nonces that were signed for on a chain.</summary>
    public IReadOnlyList<long> Nonces(long chainId)
    {
        lock (gate)
            return [.. Duties().Keys.Where(key => key.ChainId == chainId).Select(key => key.Nonce).Order()];
    }

    /// <summary>Writes the line, unless the nonce was signed for with another duty.</summary>
    /// <returns>Whether the signature may leave.</returns>
    public bool TryWrite(JournalLine line)
    {
        lock (gate)
        {
            if (Duties().TryGetValue((line.ChainId, line.Nonce), out var duty) && duty != line.Duty)
                return false;
            var bytes = JsonSerializer.SerializeToUtf8Bytes(line);
            using var stream = new FileStream(File!, FileMode.Append, FileAccess.Write, FileShare.Read);
            stream.Write([.. bytes, (byte)'\n']);
            stream.Flush(flushToDisk: true);
            Duties()[(line.ChainId, line.Nonce)] = line.Duty;
            return true;
        }
    }

    private Dictionary<(long ChainId, long Nonce), Hash32> Duties()
    {
        if (duties is not null)
            return duties;
        duties = [];
        if (File is not { } file || !System.IO.File.Exists(file))
            return duties;
        var text = System.IO.File.ReadAllText(file);
        // A line that a crash cut off has no end: its signature never left.
        foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var read = JsonSerializer.Deserialize<JournalLine>(line)!;
            duties[(read.ChainId, read.Nonce)] = read.Duty;
        }

        return duties;
    }
}
