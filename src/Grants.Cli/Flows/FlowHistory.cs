using System.Text;
using System.Text.Json;
using Grants.Domain;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Policies;
using Grants.Primitives;

namespace Grants.Cli.Flows;

/// <summary>A ledger that is given its flows line by line, and knows its venues by their names.</summary>
internal sealed class FlowHistory(Convention convention, long minHoldSeconds)
{
    private static readonly Address Wallet = Address.Parse("0x00000000000000000000000000000000000000aa");

    private readonly Dictionary<string, PolicyVenue> venues = [];
    private readonly HashSet<string> checks = [];
    private readonly List<PastFlow> flows = [];
    private Ledger ledger = Ledger.Empty;

    private Account Account => ledger.Under(convention);

    /// <exception cref="FormatException">Time runs back, or more leaves than there is.</exception>
    public void Add(FlowLine line)
    {
        if (ledger.Seen.Contains(line.Id) || checks.Contains(line.Id))
            return;
        if (line.At < ledger.Time)
            throw new FormatException($"t is {line.At}, before the {ledger.Time} of an earlier flow.");
        if (line.Kind == FlowLine.Check)
        {
            checks.Add(line.Id);
            ledger = ledger.Tick(line.At);
            return;
        }

        var venue = line.Venue is null ? null : VenueOf(line);
        if (Overdraw(line, venue) is { } overdraw)
            throw new FormatException(overdraw);
        var evidence = new EventKey(1, line.At, Hash32.Zero, Hash32.Zero, 0);
        var flow = new Flow(
            line.Id, KindOf(line.Kind), Wallet, null, venue?.Address, line.Amount, line.Shares, evidence, line.Kind, line.CountsFrom);
        ledger = ledger.Apply(flow, venue, line.At);
        flows.Add(new PastFlow(flow, BlockAt(line.At)));
    }

    /// <summary>What a policy would have led to. Venues that it does not list count as the lines say.</summary>
    public TrialOutcome Try(ReinvestmentPolicy policy)
    {
        var others = venues.Values.Where(venue => policy.VenueAnywhere(venue.Address) is null);
        return PolicyTrial.Run(policy with { Venues = [.. policy.Venues, .. others] }, UInt256.Zero, flows, BlockAt(ledger.Time));
    }

    /// <summary>The ledger under the convention, at the time of the last line.</summary>
    public string ToJson()
    {
        var (account, reading) = (Account, ledger.Read(convention));
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("soldBps", reading.SoldShare.Value);
            json.WriteNumber("dispBps", reading.DisposalShare.Value);
            json.WriteNumber("reinvestBps", reading.ReinvestedShare.Value);
            json.WriteNumber("twrrBps", reading.TimeWeightedReinvestment.Value);
            json.WriteNumber("retentionBps", reading.Retention.Value);
            foreach (var (name, amount) in Amounts(account))
                Write(json, name, amount);
            json.WriteStartObject("positions");
            foreach (var (name, venue) in venues)
                Write(json, name, account.Positions.FirstOrDefault(position => position.Venue == venue.Address));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private (string Name, UInt256 Amount)[] Amounts(Account account) =>
    [
        ("sold", account.Sold),
        ("bridged", account.Bridged),
        ("loss", account.Lost),
        ("liquidGrant", account.LiquidGrant),
        ("liquidOwn", account.LiquidOwn),
        ("R", ledger.Released),
        ("cex", account.SentToExchanges),
        ("unknown", account.Unknown),
        ("followed", account.FollowedGrant()),
        ("gas", account.Gas),
        ("spent", account.Spent),
        ("returned", account.Returned),
    ];

    private static void Write(Utf8JsonWriter json, string name, Position? position)
    {
        json.WriteStartObject(name);
        Write(json, "grant", position?.Grant ?? UInt256.Zero);
        Write(json, "own", position?.Own ?? UInt256.Zero);
        Write(json, "shares", position?.Shares ?? UInt256.Zero);
        Write(json, "debt", position?.Debt ?? UInt256.Zero);
        json.WriteEndObject();
    }

    // All digits, as a JSON number.
    private static void Write(Utf8JsonWriter json, string name, UInt256 amount)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(amount.ToString());
    }

    private static BlockRef BlockAt(long seconds) => new(seconds, Hash32.Zero, seconds);

    private PolicyVenue VenueOf(FlowLine line)
    {
        if (!venues.TryGetValue(line.Venue!, out var venue))
        {
            var address = Address.TryParse(line.Venue, out var written)
                ? written
                : new Address(Keccak256.Hash(line.Venue!).ToBytes().AsSpan(Hash32.Length - Address.Length));
            venue = new PolicyVenue(address, VenueKind.Vault, line.Weight, line.Cap, minHoldSeconds);
            venues.Add(line.Venue!, venue);
        }

        return venue;
    }

    private string? Overdraw(FlowLine line, PolicyVenue? venue)
    {
        if (line.Kind == "CLOSE")
        {
            var shares = Account.Positions.FirstOrDefault(position => position.Venue == venue!.Address)?.Shares ?? UInt256.Zero;
            return line.Shares > shares ? $"{line.Shares} shares leave {line.Venue}, which holds {shares}." : null;
        }

        var liquid = Account.LiquidGrant + Account.LiquidOwn;
        return line.Kind is not ("RELEASE" or "OWN_IN" or "DEBT") && line.Amount > liquid
            ? $"{line.Amount} base units leave the wallets, which hold {liquid}."
            : null;
    }

    private static FlowKind KindOf(string kind) => kind switch
    {
        "RELEASE" => FlowKind.Release,
        "OWN_IN" => FlowKind.OwnIn,
        "SALE" => FlowKind.Sale,
        "BRIDGE" => FlowKind.BridgeOut,
        "CEX" => FlowKind.ExchangeOut,
        "UNKNOWN" => FlowKind.Unknown,
        "GAS" => FlowKind.Gas,
        "SPEND" => FlowKind.Spent,
        "RETURN" => FlowKind.Return,
        "OPEN" => FlowKind.Open,
        "CLOSE" => FlowKind.Close,
        _ => FlowKind.Debt,
    };
}
