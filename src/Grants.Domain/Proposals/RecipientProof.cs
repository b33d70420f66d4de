using Grants.Primitives;

namespace Grants.Domain.Proposals;

/// <summary>
/// That an account takes what a proposal asks for, as signed on the chain that pays (EIP-712 type <c>RecipientConsent</c>). It binds no
/// text: a proposal may be revised and the consent stands as long as its recipient does.
/// </summary>
/// <param name="Space">The space of the program.</param>
/// <param name="Recipient">Who signs.</param>
public sealed record RecipientConsent(string Space, Hash32 Proposal, Address Applicant, Address Recipient)
{
    /// <summary>What the recipient's wallet shows and signs.</summary>
    public TypedStruct ToTyped() => new(
        "RecipientConsent",
        [
            new("space", "string", Space),
            new("proposal", "bytes32", Proposal),
            new("applicant", "address", Applicant),
            new("recipient", "address", Recipient),
        ]);
}

// --- Commands ---

/// <summary>Records a consent by a signature that was found to be the recipient's.</summary>
/// <param name="Signature">As given, hexadecimal.</param>
/// <param name="IsByContract">The recipient is a contract that vouched for the signature (ERC-1271).</param>
/// <param name="Digest">The EIP-712 digest that was signed.</param>
/// <param name="ChainId">The chain that pays.</param>
/// <param name="Block">The finalized block at which the recipient was asked.</param>
/// <param name="CodeHash">Keccak-256 of the recipient's code at that block; null where it has none.</param>
public sealed record ProveRecipient(
    Hash32 ProposalId,
    Address Actor,
    RecipientConsent Signed,
    string Signature,
    bool IsByContract,
    Hash32 Digest,
    long ChainId,
    BlockRef Block,
    Hash32? CodeHash,
    DateTimeOffset At);

// --- Events ---

public sealed record RecipientProven(
    Hash32 ProposalId,
    Address Recipient,
    string Signature,
    bool IsByContract,
    Hash32 Digest,
    long ChainId,
    BlockRef Block,
    Hash32? CodeHash,
    DateTimeOffset At);

// --- State ---

public sealed partial record Proposal
{
    /// <summary>The last consent of a recipient; it counts while it is the one of the content.</summary>
    public RecipientProven? RecipientProof { get; init; }

    /// <summary>What the recipient of this proposal signs.</summary>
    public RecipientConsent ConsentIn(string space) => new(space, ProposalId, Applicant, Content.Recipient);

    // --- Decide ---

    public static Decision Decide(ProveRecipient command, Proposal? state)
    {
        if (state is null || state.Applicant != command.Actor)
            return new NotFound("proposal");
        if (state.RecipientProof?.Digest == command.Digest)
            return Decision.Nothing;
        if (state.State is not (ProposalState.Draft or ProposalState.ChangesRequested))
            return new WrongProposalState(state.State, "a draft, or sent back for changes");
        return command.Signed != state.ConsentIn(command.Signed.Space)
            ? new InvalidValue("recipient", "The consent is not of the recipient that this proposal names.")
            : Decision.Accept(new RecipientProven(
                command.ProposalId,
                command.Signed.Recipient,
                command.Signature,
                command.IsByContract,
                command.Digest,
                command.ChainId,
                command.Block,
                command.CodeHash,
                command.At));
    }
}
