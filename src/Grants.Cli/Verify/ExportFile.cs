using System.Security.Cryptography;
using Grants.Primitives;

namespace Grants.Cli.Verify;

/// <summary>A line of a file as it stands there.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Bytes">Without the line feed.</param>
/// <param name="Before">SHA-256 of all bytes of the file before this line; worked out for the last line only.</param>
/// <param name="IsEnded">A line feed ends it.</param>
internal sealed record FileLine(long Number, byte[] Bytes, Hash32? Before, bool IsEnded);

/// <summary>Reads a file line by line, whatever its size.</summary>
internal sealed class ExportFile(Stream stream)
{
    private const int LongestLine = 16 * 1024 * 1024;

    private byte[] buffer = new byte[1 << 20];

    /// <exception cref="FormatException">A line is longer than 16 MiB.</exception>
    public IEnumerable<FileLine> Lines()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        FileLine? last = null;
        foreach (var (number, bytes, isEnded) in Split())
        {
            if (last is not null)
            {
                yield return last;
                hash.AppendData(last.Bytes);
                hash.AppendData("\n"u8);
            }

            last = new FileLine(number, bytes, null, isEnded);
        }

        if (last is not null)
            yield return last with { Before = new Hash32(hash.GetCurrentHash()) };
    }

    private IEnumerable<(long Number, byte[] Bytes, bool IsEnded)> Split()
    {
        var (number, begin, end) = (0L, 0, 0);
        while (true)
        {
            var length = buffer.AsSpan(begin, end - begin).IndexOf((byte)'\n');
            if (length >= 0)
            {
                yield return (++number, buffer[begin..(begin + length)], true);
                begin += length + 1;
                continue;
            }

            if (end - begin > LongestLine)
                throw new FormatException($"Line {number + 1} has more than {LongestLine} bytes.");
            (begin, end) = (0, Shift(begin, end));
            var read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0)
                break;
            end += read;
        }

        if (end > 0)
            yield return (++number, buffer[..end], false);
    }

    // What is left of a line moves to the beginning, and there is always room behind it.
    private int Shift(int begin, int end)
    {
        var rest = end - begin;
        var target = rest > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        Buffer.BlockCopy(buffer, begin, target, 0, rest);
        buffer = target;
        return rest;
    }
}
