using System.Diagnostics;
using System.Text;

namespace Grants.Fuzz;

/// <summary>Cuts, repeats and mixes the documents of the corpus, by a seed.</summary>
public static class Pieces
{
    private static readonly string[] Words =
    [
        "{", "}", "(", ")", "[", "]", "!", "|", "&", ":", "=", "@", "$", "...", "\"", "\"\"\"", "\\u", "\\u{", "\\", "#", "\r", "\n", "\0",
        "\ud800", "\ufeff", "query", "mutation", "subscription", "fragment f on Q", "on", "true", "null", "-", "1e9", "0x", "first: ", "4",
    ];

    /// <returns>0, or 1 with the document on standard output where something does not hold.</returns>
    public static int Run(string corpus, TimeSpan time, int seed)
    {
        var random = new Random(seed);
        var texts = Directory.GetFiles(corpus).Select(File.ReadAllText).ToArray();
        var (watch, count) = (Stopwatch.StartNew(), 0L);
        for (; watch.Elapsed < time; count++)
        {
            var bytes = Encoding.UTF8.GetBytes(Mixed(random, texts));
            // Broken UTF-8 comes to the guard as well.
            for (var i = random.Next(3); i > 0 && bytes.Length > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                GuardTarget.Run(bytes);
            }
            catch (Exception problem)
            {
                Console.WriteLine($"Seed {seed}, document {count}: {problem}\n{Convert.ToBase64String(bytes)}");
                return 1;
            }
        }

        Console.WriteLine($"{count:N0} documents in {watch.Elapsed.TotalSeconds:N0} s, seed {seed}: all of them held.");
        return 0;
    }

    private static string Mixed(Random random, string[] texts)
    {
        var text = new StringBuilder(texts[random.Next(texts.Length)]);
        for (var i = random.Next(1, 12); i > 0; i--)
        {
            var at = random.Next(text.Length + 1);
            switch (random.Next(5))
            {
                case 0:
                    text.Insert(at, Words[random.Next(Words.Length)]);
                    break;
                case 1:
                    text.Remove(at, random.Next(Math.Min(40, text.Length - at) + 1));
                    break;
                case 2:
                    text.Insert(at, Part(random, texts[random.Next(texts.Length)]));
                    break;
                case 3:
                    text.Insert(at, string.Concat(Enumerable.Repeat(Words[random.Next(Words.Length)], random.Next(1, 200))));
                    break;
                default:
                    text.Insert(at, Part(random, text.ToString()));
                    break;
            }

            if (text.Length > 40_000)
                text.Length = 40_000;
        }

        return text.ToString();
    }

    private static string Part(Random random, string text)
    {
        var from = random.Next(text.Length + 1);
        return text.Substring(from, random.Next(Math.Min(400, text.Length - from) + 1));
    }
}
