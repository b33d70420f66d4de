using System.Text.Json;
using Grants.Primitives;
using Microsoft.Extensions.Options;

namespace Grants.Service.Disbursements.Sending;

/// <summary>What was signed with one nonce: the same duty whenever it is signed again, or it is refused.</summary>
/// <param name="TransactionHash">What was signed; of older lines the hash of the signed transaction.</param>
public sealed record JournalLine(long ChainId, long Nonce, Hash32 Duty, Hash32 TransactionHash);

/// <summary>
/// The signer's own memory, in a file beside its key: a line is on the disk before a signature leaves it. It keeps a database that
/// was restored from a copy from signing something else with a nonce that was used. Several processes may share the file.
/// </summary>
public sealed class SignerJournal(IOptions<TreasuryOptions> options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<(long ChainId, long Nonce), Hash32> duties = [];
    private long readTo;

    private string? File => options.Value switch
    {
        { JournalFile: { Length: > 0 } file } => file,
        { KeyFile: { Length: > 0 } file } => $"{file}.journal",
        _ => null,
    };

    /// <summary>The nonces that were signed for on a chain.</summary>
    public IReadOnlyList<long> Nonces(long chainId)
    {
        lock (gate)
        {
            if (File is { } file && System.IO.File.Exists(file))
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                ReadOn(stream);
            }
            else
            {
                Forget();
            }

            return [.. duties.Keys.Where(key => key.ChainId == chainId).Select(key => key.Nonce).Order()];
        }
    }

    /// <summary>Whether it was signed for.</summary>
    public bool Knows(long chainId, long nonce, Hash32 duty)
    {
        _ = Nonces(chainId);
        lock (gate)
            return duties.TryGetValue((chainId, nonce), out var known) && known == duty;
    }

    /// <summary>Writes the line, unless the nonce was signed for with another duty.</summary>
    /// <returns>Whether the signature may leave.</returns>
    /// <exception cref="IOException">The disk fails, or another process does not let go of the file.</exception>
    public bool TryWrite(JournalLine line)
    {
        lock (gate)
        {
            using var stream = OpenAlone();
            ReadOn(stream);
            if (duties.TryGetValue((line.ChainId, line.Nonce), out var duty) && duty != line.Duty)
                return false;
            // What a crash cut off is not followed, but overwritten: its signature never left.
            stream.SetLength(readTo);
            stream.Position = readTo;
            stream.Write([.. JsonSerializer.SerializeToUtf8Bytes(line), (byte)'\n']);
            stream.Flush(flushToDisk: true);
            (readTo, duties[(line.ChainId, line.Nonce)]) = (stream.Position, line.Duty);
            return true;
        }
    }

    /// <summary>Two processes write only while one takes over from the other.</summary>
    private FileStream OpenAlone()
    {
        var end = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                return new FileStream(File!, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (DateTime.UtcNow < end)
            {
                Thread.Sleep(10);
            }
        }
    }

    /// <summary>Reads what others have written since; all of it where the file is another.</summary>
    private void ReadOn(FileStream stream)
    {
        if (stream.Length < readTo)
            Forget();
        stream.Position = readTo;
        var bytes = new byte[stream.Length - readTo];
        stream.ReadExactly(bytes);
        foreach (var range in bytes.AsSpan(0, bytes.AsSpan().LastIndexOf((byte)'\n') + 1).Split((byte)'\n'))
        {
            if (bytes.AsSpan()[range] is not { IsEmpty: false } line)
                continue;
            var read = JsonSerializer.Deserialize<JournalLine>(line)!;
            (readTo, duties[(read.ChainId, read.Nonce)]) = (readTo + line.Length + 1, read.Duty);
        }
    }

    private void Forget()
    {
        readTo = 0;
        duties.Clear();
    }
}
