using System.Globalization;
using Grants.Ethereum.Signing;

namespace Grants.Ethereum.Tests.Oracles;

/// <summary>Messages to sign in, at random, and departures from them.</summary>
internal static class SignInDraw
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Segment = Alphanumeric + "-._~!$&'()*+,;=:@";
    private const string Statement = Segment + "/?#[] ";

    /// <summary>What is put into messages: the characters that mean something somewhere, and some that nothing allows.</summary>
    private const string Inserted = " \n\r\t:/?#[]@!%.-+=<>\"\\{}|^`~_0129aAfFxXzZtTé";

    public static SignInMessage Message(Random random) => new(
        Authority(random),
        random.Account(),
        random.Chance(3) ? null : Text(random, Statement, 1, 60),
        Uri(random),
        SignInMessage.OnlyVersion,
        random.Long(random.Pick(8, 24, 50)),
        Text(random, Alphanumeric, 8, 24),
        Time(random),
        random.Chance(2) ? null : Time(random),
        random.Chance(2) ? null : Time(random),
        random.Chance(2) ? null : Text(random, Segment, 1, 20),
        [.. Enumerable.Range(0, random.Chance(2) ? 0 : random.Next(4)).Select(_ => Uri(random))])
    {
        Scheme = random.Chance(2) ? null : random.Pick("https", "http", "web+app", "x-1.2"),
    };

    /// <summary>A message with a field into which something was put, as nobody should.</summary>
    public static SignInMessage Disfigured(Random random)
    {
        var message = Message(random);
        return random.Next(9) switch
        {
            0 => message with { Domain = Put(random, message.Domain) },
            1 => message with { Statement = Put(random, message.Statement ?? "") },
            2 => message with { Uri = Put(random, message.Uri) },
            3 => message with { Nonce = Put(random, message.Nonce) },
            4 => message with { RequestId = Put(random, message.RequestId ?? "") },
            5 => message with { Scheme = Put(random, message.Scheme ?? "") },
            6 => message with { Resources = [.. message.Resources, Put(random, Uri(random))] },
            7 => message with { ChainId = random.NextInt64(long.MinValue, long.MaxValue) },
            _ => message,
        };
    }

    /// <summary>A message with one or two characters or lines changed.</summary>
    public static string Changed(Random random)
    {
        var text = Message(random).ToString();
        for (var left = random.Next(1, 3); left > 0; left--)
            text = random.Chance(3) ? WithOtherLines(random, text) : WithOtherCharacter(random, text);
        return text;
    }

    private static string Put(Random random, string field)
    {
        var lines = Message(random).ToString().Split('\n');
        var put = random.Next(4) switch
        {
            0 => "\n" + lines[random.Next(lines.Length)],
            1 => lines[random.Next(lines.Length)],
            2 => "",
            _ => random.Pick<char>(Inserted).ToString(),
        };
        return put.Length == 0 ? put : field.Insert(random.Next(field.Length + 1), put);
    }

    private static string WithOtherLines(Random random, string text)
    {
        var lines = text.Split('\n').ToList();
        var (one, other) = (random.Next(lines.Count), random.Next(lines.Count));
        switch (random.Next(4))
        {
            case 0:
                lines.RemoveAt(one);
                break;
            case 1:
                lines.Insert(one, lines[other]);
                break;
            case 2:
                (lines[one], lines[other]) = (lines[other], lines[one]);
                break;
            default:
                lines[one] = random.Chance(2) ? lines[one].ToUpperInvariant() : lines[one].ToLowerInvariant();
                break;
        }

        return string.Join('\n', lines);
    }

    private static string WithOtherCharacter(Random random, string text)
    {
        var at = random.Next(text.Length);
        var character = random.Chance(2) ? text[random.Next(text.Length)] : Inserted[random.Next(Inserted.Length)];
        return random.Next(3) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, character.ToString()),
            _ => text.Remove(at, 1).Insert(at, character.ToString()),
        };
    }

    private static string Authority(Random random)
    {
        var host = random.Next(5) switch
        {
            0 => "localhost",
            1 => string.Join('.', Enumerable.Range(0, 4).Select(_ => random.Next(256))),
            2 => random.Pick("[::1]", "[2001:db8::7]", "[fe80::1:2]"),
            _ => string.Join('.', Enumerable.Range(0, random.Next(1, 4)).Select(_ => "h" + Text(random, Alphanumeric, 1, 8))) + ".io",
        };
        return random.Chance(3) ? string.Create(CultureInfo.InvariantCulture, $"{host}:{random.Next(1, 65_536)}") : host;
    }

    private static string Uri(Random random)
    {
        var path = string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => "/" + Text(random, Segment, 1, 8)));
        var escaped = random.Chance(5) ? "/%2f%C3" : "";
        var query = random.Chance(3) ? "?q=" + Text(random, Segment + "/?", 0, 8) : "";
        var fragment = random.Chance(5) ? "#" + Text(random, Segment + "/?", 0, 8) : "";
        return random.Chance(6)
            ? $"{random.Pick("urn:isbn:", "did:key:", "mailto:")}{Text(random, Alphanumeric, 1, 12)}"
            : $"{random.Pick("https", "http", "ipfs")}://{Authority(random)}{path}{escaped}{query}{fragment}";
    }

    /// <summary>A time in any year of four digits, to the second or with digits after it.</summary>
    private static DateTimeOffset Time(Random random) => new DateTimeOffset(1, 1, 1, 0, 0, 0, TimeSpan.Zero)
        .AddSeconds(random.NextInt64(315_537_897_600))
        .AddTicks(random.Chance(2) ? 0 : random.Next(10_000_000));

    private static string Text(Random random, string alphabet, int least, int most) =>
        string.Concat(random.GetItems(alphabet.AsSpan(), random.Next(least, most)));
}
