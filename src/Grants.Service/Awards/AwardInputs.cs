using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Awards;
using Grants.Primitives;
using Grants.Service.Api;

namespace Grants.Service.Awards;

/// <summary>What the input of every act on an award carries.</summary>
public interface IAwardInput : IMutationInput
{
    Hash32 AwardId { get; }
}

public sealed record SubmitMilestoneInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 AwardId,
    [property: Description("From 1.")] int Milestone,
    [property: Description("Keccak-256 of what is behind the link.")] Hash32 EvidenceHash,
    [property: Description("An https or ipfs link.")] string EvidenceLink) : IAwardInput;

public sealed record ReviewMilestoneInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 AwardId,
    [property: Description("From 1.")] int Milestone,
    [property: Description("The evidence that was reviewed; absent where a missed milestone is rejected without any.")]
    Hash32? EvidenceHash,
    [property: Description("REJECT is for good: what is rejected can never be paid and goes back to the treasury.")]
    MilestoneVerdict Verdict,
    [property: Description("Base units, for an acceptance in part.")] UInt256? Amount,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason) : IAwardInput;

public sealed record AmendMilestoneInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 AwardId,
    [property: Description("From 1.")] int Milestone,
    [property: Description("As before where absent.")] string? Title,
    [property: Description("As before where absent.")] string? Description,
    [property: Description("Until when evidence is taken, seconds since 1970; as before where absent.")] long? DueAt,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason) : IAwardInput;

public sealed record CancelAwardInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 AwardId,
    [property: Description("What the recipient keeps; the rest goes back to the treasury.")] CancellationMode Mode,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason) : IAwardInput;

public sealed record PauseVestingInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 AwardId,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason) : IAwardInput;

public sealed record ResumeVestingInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 AwardId,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason) : IAwardInput;

public sealed record SignAgreementInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 AwardId,
    [property: Description("The recipient's, of agreementTypedData; hexadecimal.")] string Signature) : IAwardInput;

public sealed record ChangeRecipientInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 AwardId,
    [property: Description("Who is paid from then on.")] Address To,
    [property: Description("The present recipient's, of recipientChangeTypedData; hexadecimal.")] string FromSignature,
    [property: Description("The next recipient's, of the same; hexadecimal.")] string ToSignature) : IAwardInput;
