using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Grants.Ethereum.Following;

/// <summary>
/// The words in which providers refuse a range of eth_getLogs, and the number of blocks that they say they grant. A text that is not
/// known, or that speaks of results and not of blocks, says nothing: then half the range is asked for.
/// </summary>
internal static partial class RangeRefusal
{
    /// <summary>The words, by who is known to use them; "n" is the number of blocks, "from" and "to" are the range that would do.</summary>
    private static readonly ImmutableArray<Regex> Words =
    [
        SuggestedRange(), // Alchemy, Infura, zkSync: "this block range should work: [0x..,0x..]", "Try with this block range [0x..,0x..]"
        RetryRange(), // "retry with the range a-b"
        BlockRange(), // Alchemy: "up to a N block range"; QuickNode, 1RPC, Blast: "limited to a N range"; BlockPI: "limited to N blocks"
        AtMost(), // Coinbase: "at most N blocks"; PublicNode: "maximum block range: N"; Cloudflare: "Max range: N"; thirdweb, Sei
        Exceeds(), // Hyperliquid: "query exceeds max block range N"; Avalanche: "maximum is set to N"; Ankr: "blocks distance: N"
        NotSupported(), // dRPC: "ranges over N blocks are not supported"
        Thousands(), // Merkle: "max is 10k blocks"
    ];

    /// <summary>How many blocks the provider grants at once; null where it does not say.</summary>
    public static int? BlocksOf(string message)
    {
        foreach (var words in Words)
        {
            if (words.Match(message) is { Success: true } found && Blocks(found) is > 0 and <= int.MaxValue and var blocks)
                return (int)blocks;
        }

        return null;
    }

    private static long? Blocks(Match found)
    {
        if (found.Groups["n"] is { Success: true } number)
        {
            var digits = number.Value.Replace(",", "", StringComparison.Ordinal);
            return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var blocks)
                ? blocks * (found.Groups["k"].Success ? 1_000 : 1)
                : null;
        }

        // An inverted range was seen in answers: it is meant the other way round.
        return Height(found.Groups["from"].Value) is { } from && Height(found.Groups["to"].Value) is { } to
            ? Math.Abs(to - from) + 1
            : null;
    }

    private static long? Height(string text) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var height) && height >= 0
            ? height
            : null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out height) ? height : null;

    private const RegexOptions Loose = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"block range (should work:? )?\[(?<from>0x[0-9a-f]{1,15}), ?(?<to>0x[0-9a-f]{1,15})\]", Loose)]
    private static partial Regex SuggestedRange();

    [GeneratedRegex(@"retry with the range (?<from>\d{1,15})-(?<to>\d{1,15})", Loose)]
    private static partial Regex RetryRange();

    [GeneratedRegex(@"(up to|limited to) (a )?(?<n>[\d,]{1,12}) (blocks? )?(block|range)", Loose)]
    private static partial Regex BlockRange();

    [GeneratedRegex(@"(at most|max(imum)?( block)? range:|requested blocks is|maximum allowed is) ?(?<n>[\d,]{1,12})", Loose)]
    private static partial Regex AtMost();

    [GeneratedRegex(@"(exceeds max block range|maximum is set to|blocks distance:) ?(?<n>[\d,]{1,12})", Loose)]
    private static partial Regex Exceeds();

    [GeneratedRegex(@"ranges over (?<n>[\d,]{1,12}) blocks", Loose)]
    private static partial Regex NotSupported();

    [GeneratedRegex(@"max is (?<n>[\d,]{1,6})(?<k>k) blocks", Loose)]
    private static partial Regex Thousands();
}
