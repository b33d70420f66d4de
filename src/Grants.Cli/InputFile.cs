using System.Text;

namespace Grants.Cli;

/// <summary>A text that a verb is given by its path.</summary>
internal static class InputFile
{
    private const int LargestFile = 4 * 1024 * 1024;

    private static readonly UTF8Encoding StrictText = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="FormatException">Not UTF-8, or larger than 4 MiB.</exception>
    public static string Read(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[LargestFile + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > LargestFile)
            throw new FormatException($"{path} has more than {LargestFile} bytes.");
        try
        {
            var text = bytes.AsSpan(0, length);
            return StrictText.GetString(text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text);
        }
        catch (DecoderFallbackException wrong)
        {
            throw new FormatException($"{path} is not UTF-8.", wrong);
        }
    }
}
