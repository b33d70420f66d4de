using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Awards;

// --- Commands ---

/// <param name="Signature">Of <see cref="Award.AgreementToSign"/>, already checked; hexadecimal.</param>
/// <param name="IsContract">Whether the signer's contract vouches for it (ERC-1271).</param>
public sealed record SignAgreement(Hash32 AwardId, Address Signer, Hash32 Digest, string Signature, bool IsContract, DateTimeOffset At);

/// <summary>The old and the new recipient both signed <see cref="Award.ChangeToSign"/>; the signatures are already checked.</summary>
/// <param name="FinalizedBlock">The finalized block from whose time the cool-down runs.</param>
public sealed record AgreeRecipientChange(
    Hash32 AwardId, Address To, Hash32 Digest, string FromSignature, string ToSignature, BlockRef FinalizedBlock, DateTimeOffset At);

/// <summary>The vault pays another recipient, on the finalized chain.</summary>
public sealed record RecordRecipientChange(Hash32 AwardId, Address From, Address To, EventKey Evidence);

// --- Events ---

public sealed record AgreementSigned(
    Hash32 AwardId, Address Signer, Hash32 AgreementHash, Hash32 Digest, string Signature, bool IsContract, DateTimeOffset At);

/// <param name="PayableFrom">Seconds since 1970, chain time: nothing is paid to the new recipient before it.</param>
public sealed record RecipientChangeAgreed(
    Hash32 AwardId,
    Address From,
    Address To,
    Hash32 Digest,
    string FromSignature,
    string ToSignature,
    long PayableFrom,
    BlockRef FinalizedBlock,
    DateTimeOffset At);

public sealed record AwardRecipientChanged(Hash32 AwardId, Address From, Address To, EventKey Evidence);

// --- Rejections ---

public sealed record AgreementNotSigned()
    : Rejection("AGREEMENT_NOT_SIGNED", "The recipient has not signed the agreement; nothing is released before.");

public sealed record NoAgreement() : Rejection("NO_AGREEMENT", "This award has no agreement to sign.");

public sealed record NotTheRecipient(Address Recipient)
    : Rejection("NOT_THE_RECIPIENT", $"Only the recipient, {Recipient}, signs the agreement.");

public sealed record RecipientNotAgreed(Address Paid, Address Agreed) : Rejection(
    "RECIPIENT_NOT_AGREED", $"The vault pays {Paid}; both sides agreed on {Agreed}. Nothing is released until the two are one.");

public sealed partial record Award
{
    /// <summary>Three days: time for a recipient whose keys were stolen to speak up before somebody else is paid.</summary>
    public const long RecipientCooldownSeconds = 3 * 86_400;

    /// <summary>Whom the vault pays, on the finalized chain.</summary>
    public Address Recipient { get; init; }

    /// <summary>Whom the vault has ever paid or could have.</summary>
    public ImmutableList<Address> Recipients { get; init; } = [];

    /// <summary>Whom old and new recipients agreed on.</summary>
    public Address AgreedRecipient { get; init; }

    /// <summary>How often a change was agreed; it makes each agreement another.</summary>
    public int RecipientChanges { get; init; }

    /// <summary>Seconds since 1970, chain time: nothing is paid before it.</summary>
    public long PayableFrom { get; init; }

    /// <summary>Who signed the agreement; null while nobody has.</summary>
    public Address? AgreementSignedBy { get; init; }

    /// <summary>Why nothing can be paid now, whatever is vested; null where nothing stands against it.</summary>
    [JsonIgnore]
    public Rejection? RefusalToPay => this switch
    {
        _ when Recipient != AgreedRecipient => new RecipientNotAgreed(Recipient, AgreedRecipient),
        { AgreementSignedBy: null } when Terms.AgreementHash != Hash32.Zero => new AgreementNotSigned(),
        _ => null,
    };

    /// <summary>What the recipient signs before the first release.</summary>
    public TypedStruct AgreementToSign(string space) => new(
        "Agreement",
        [
            new("space", "string", space),
            new("award", "bytes32", Terms.AwardId),
            new("recipient", "address", AgreedRecipient),
            new("agreement", "bytes32", Terms.AgreementHash),
        ]);

    /// <summary>What the present recipient and the next one both sign. With it the next one signs the agreement, too.</summary>
    public TypedStruct ChangeToSign(string space, Address to) => new(
        "RecipientChange",
        [
            new("space", "string", space),
            new("award", "bytes32", Terms.AwardId),
            new("from", "address", AgreedRecipient),
            new("to", "address", to),
            new("agreement", "bytes32", Terms.AgreementHash),
            new("change", "uint256", (UInt256)(ulong)(RecipientChanges + 1)),
        ]);

    /// <summary>
    /// The order that a payment of the vault settles, or null. An id contains the recipient: a payment in flight while the recipient
    /// changes settles the same duty, named by tranche and amount, under another id.
    /// </summary>
    public Hash32? OrderIdOf(Hash32 releaseId, UInt256 tranche, UInt256 amount) =>
        (Orders.Find(order => order.ReleaseId == releaseId)
            ?? Orders.Find(order => (ulong)order.Tranche == tranche && order.Amount == amount))?.ReleaseId;

    public static Decision Decide(SignAgreement command, Award? state)
    {
        if (state is null)
            return new NotFound("award");
        if (state.Terms.AgreementHash == Hash32.Zero)
            return new NoAgreement();
        if (command.Signer != state.AgreedRecipient)
            return new NotTheRecipient(state.AgreedRecipient);
        return state.AgreementSignedBy is not null
            ? Decision.Nothing
            : Decision.Accept(new AgreementSigned(
                command.AwardId,
                command.Signer,
                state.Terms.AgreementHash,
                command.Digest,
                command.Signature,
                command.IsContract,
                command.At));
    }

    public static Decision Decide(AgreeRecipientChange command, Award? state)
    {
        if (state is null)
            return new NotFound("award");
        if (command.To == state.AgreedRecipient)
            return Decision.Nothing;
        if (IsNoWallet(command.To, state.Terms))
            return new InvalidValue("to", "Nobody, and no contract of the award or of its policy, can be its recipient.");
        if (state.ReservedAt is null)
            return new AwardNotReserved();
        return state.Unordered.IsZero
            ? new AwardEnded()
            : Decision.Accept(new RecipientChangeAgreed(
                command.AwardId,
                state.AgreedRecipient,
                command.To,
                command.Digest,
                command.FromSignature,
                command.ToSignature,
                command.FinalizedBlock.TimestampSeconds + RecipientCooldownSeconds,
                command.FinalizedBlock,
                command.At));
    }

    public static Decision Decide(RecordRecipientChange command, Award? state)
    {
        if (state is null)
            return new NotFound("award");
        return state.Recipient == command.To
            ? Decision.Nothing
            : Decision.Accept(new AwardRecipientChanged(command.AwardId, command.From, command.To, command.Evidence));
    }

    private static bool IsNoWallet(Address account, AwardTerms terms) =>
        account.IsZero || account == terms.Vault || account == terms.Token || account == terms.Treasury
        || terms.Policy.Venues.Any(venue => venue.Address == account) || terms.Policy.Labels.Any(label => label.Address == account);

    private Award? AfterRecipient(object @event) => @event switch
    {
        AgreementSigned signed => this with { AgreementSignedBy = signed.Signer },
        RecipientChangeAgreed agreed => this with
        {
            AgreedRecipient = agreed.To,
            AgreementSignedBy = agreed.To,
            RecipientChanges = RecipientChanges + 1,
            PayableFrom = Math.Max(PayableFrom, agreed.PayableFrom),
        },
        AwardRecipientChanged changed => this with { Recipient = changed.To, Recipients = Recipients.Add(changed.To) },
        _ => null,
    };
}
