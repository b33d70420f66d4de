using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Watching;

/// <summary>What a grantee says that a flow to somebody unknown was.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FlowClaim>))]
public enum FlowClaim
{
    /// <summary>To a wallet of theirs, which they can link.</summary>
    OwnWallet,

    /// <summary>To a venue that nobody has listed.</summary>
    Venue,

    /// <summary>Spent on what the award is for.</summary>
    Spending,

    /// <summary>Back to a treasury.</summary>
    Treasury,

    Other,
}

// --- Commands ---

/// <summary>A grantee says what a flow was. The signature is already found to be of one of the award's wallets.</summary>
/// <param name="Flow">As it is told now; null where there is no such flow.</param>
/// <param name="FlowBlock">The flow's.</param>
/// <param name="Digest">The EIP-712 digest that was signed.</param>
/// <param name="FinalizedBlock">Whose time decides whether it is in time.</param>
public sealed record LabelFlow(
    Hash32 AwardId,
    Flow? Flow,
    BlockRef FlowBlock,
    FlowClaim Claim,
    string Note,
    Address Signer,
    string Signature,
    Hash32 Digest,
    BlockRef FinalizedBlock,
    DateTimeOffset At);

// --- Events ---

/// <summary>A statement: it changes no number. Who lists a venue or labels an address on its strength does.</summary>
public sealed record FlowLabelled(
    Hash32 AwardId,
    string FlowId,
    Address? Counterparty,
    FlowClaim Claim,
    string Note,
    Address Signer,
    string Signature,
    Hash32 Digest,
    DateTimeOffset At);

// --- Rejections ---

public sealed record FlowNotUnknown(FlowKind Kind)
    : Rejection(
        "FLOW_NOT_UNKNOWN",
        $"The flow is told as {Kind}: only what went to somebody unknown, or to a wallet that joined by itself, is labelled.");

public sealed record LabelTooLate(long Until)
    : Rejection("LABEL_TOO_LATE", $"The flow could be labelled until {Until}, seconds since 1970. A breach can still be appealed.");

public sealed record NotAWallet(Address Account) : Rejection("NOT_A_WALLET", $"{Account} is no wallet of the award.");

internal static class FlowLabels
{
    /// <summary>How long after its block a flow may be labelled at least: seven days of chain time.</summary>
    public const long LabelSeconds = 7 * 86_400;

    public static Decision Decide(LabelFlow command, ReinvestmentMonitor? state)
    {
        if (state is null || command.Flow is not { } flow)
            return new NotFound("flow");
        if (!state.ProvenWallets.Contains(command.Signer))
            return new NotAWallet(command.Signer);
        if (!Enum.IsDefined(command.Claim))
            return new InvalidValue("claim", "The claim is of no known kind.");
        if (string.IsNullOrWhiteSpace(command.Note) || command.Note.Length > WatchList.WordsLengthMax
            || command.Note.Contains('\0', StringComparison.Ordinal))
            return new InvalidValue("note", $"Must have 1 to {WatchList.WordsLengthMax} characters, without the null character.");
        if (state.FlowLabels.Any(label => label.FlowId == flow.Id && label.Digest == command.Digest))
            return Decision.Nothing;
        var hasJoined = flow.Kind == FlowKind.Internal
            && state.Wallets.Any(wallet => wallet.Joined && wallet.Wallet == flow.Counterparty);
        if (!hasJoined && flow.Kind is not (FlowKind.Unknown or FlowKind.SharesOut))
            return new FlowNotUnknown(flow.Kind);
        var until = Math.Max(command.FlowBlock.TimestampSeconds + LabelSeconds, FollowedUntil(flow, state.Ledger));
        return command.FinalizedBlock.TimestampSeconds > until
            ? new LabelTooLate(until)
            : Decision.Accept(new FlowLabelled(
                command.AwardId,
                flow.Id,
                flow.Counterparty,
                command.Claim,
                command.Note,
                command.Signer,
                command.Signature,
                command.Digest,
                command.At));
    }

    // A clock that was paused follows for longer than the flow itself says.
    private static long FollowedUntil(Flow flow, Ledger ledger) => Math.Max(
        flow.CountsFrom ?? 0,
        (ledger.Under(Convention.Floor).Followed ?? []).FirstOrDefault(part => part.FlowId == flow.Id).CountsFrom);
}
