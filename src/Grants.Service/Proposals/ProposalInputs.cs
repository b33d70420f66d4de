using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Proposals.Deposits;

namespace Grants.Service.Proposals;

public sealed record BudgetLineInput([property: Description("What it is for, one line.")] string Item, UInt256 Amount);

public sealed record ProposedMilestoneInput(
    [property: Description("One line, at most 200 characters.")] string Title,
    [property: Description("Markdown, at most 2,000 characters.")] string? Description,
    [property: Description("Its part of the award; the shares of all milestones sum to 10,000.")] BasisPoints Share,
    [property: Description("From the start of the award's vesting, seconds.")] long DueAfterSeconds);

public sealed record DeclaredConflictInput(
    Address Account, [property: Description("What its interest is, one line.")] string Nature);

/// <summary>What a draft and its revisions have in their inputs alike.</summary>
public interface IContentInput : IMutationInput
{
    string Title { get; }

    string Body { get; }

    UInt256 RequestedAmount { get; }

    Address Recipient { get; }

    IReadOnlyList<BudgetLineInput>? Budget { get; }

    IReadOnlyList<ProposedMilestoneInput>? Milestones { get; }

    IReadOnlyList<string>? Labels { get; }

    string? Discussion { get; }

    IReadOnlyList<DeclaredConflictInput>? Conflicts { get; }

    string? Answers { get; }
}

public sealed record DraftProposalInput(
    [property: Description("Idempotency key, chosen by the client; the proposal's id follows from it.")] string ClientMutationId,
    string ProgramId,
    [property: Description("One line, at most 200 characters.")] string Title,
    [property: Description("Markdown, at most 10,000 characters.")] string Body,
    [property: Description("Base units of the program's token.")] UInt256 RequestedAmount,
    [property: Description("Who is to be paid.")] Address Recipient,
    [property: Description("Lines that sum to the requested amount.")] IReadOnlyList<BudgetLineInput>? Budget,
    IReadOnlyList<ProposedMilestoneInput>? Milestones,
    [property: Description("At most 10: a to z, digits and hyphens.")] IReadOnlyList<string>? Labels,
    [property: Description("Where it is discussed, an https link.")] string? Discussion,
    [property: Description("Accounts that have an interest in it; they cannot review it.")]
    IReadOnlyList<DeclaredConflictInput>? Conflicts,
    [property: Description("To the program's form: JSON.")] string? Answers) : IContentInput;

public sealed record ReviseProposalInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 ProposalId,
    [property: Description("One line, at most 200 characters.")] string Title,
    [property: Description("Markdown, at most 10,000 characters.")] string Body,
    [property: Description("Base units of the program's token.")] UInt256 RequestedAmount,
    [property: Description("Who is to be paid.")] Address Recipient,
    [property: Description("Lines that sum to the requested amount.")] IReadOnlyList<BudgetLineInput>? Budget,
    IReadOnlyList<ProposedMilestoneInput>? Milestones,
    [property: Description("At most 10: a to z, digits and hyphens.")] IReadOnlyList<string>? Labels,
    [property: Description("Where it is discussed, an https link.")] string? Discussion,
    [property: Description("Accounts that have an interest in it; they cannot review it.")]
    IReadOnlyList<DeclaredConflictInput>? Conflicts,
    [property: Description("To the program's form: JSON.")] string? Answers,
    [property: Description("Of what this is a change: refused where the proposal has another revision by now. Unchecked where absent.")]
    int? ExpectedRevision) : IContentInput;

public sealed record SubmitProposalInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 ProposalId,
    [property: Description("The transfer of the deposit, where the program asks for one; each stands for one proposal.")]
    TransferInput? Deposit) : IMutationInput;

public sealed record WithdrawProposalInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId, Hash32 ProposalId) : IMutationInput;

public sealed record ProveRecipientInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Hash32 ProposalId,
    [property: Description("The recipient's signature of recipientConsentTypedData, hexadecimal.")] string Signature) : IMutationInput;

public static class ContentInputs
{
    public static ProposalContent ToContent(this IContentInput input) => new(
        input.Title,
        input.Body,
        input.RequestedAmount,
        input.Recipient,
        [.. (input.Budget ?? []).Select(line => new BudgetLine(line.Item, line.Amount))],
        [
            .. (input.Milestones ?? []).Select(milestone => new Milestone(
                milestone.Title, milestone.Description ?? string.Empty, milestone.Share, milestone.DueAfterSeconds)),
        ],
        [.. input.Labels ?? []],
        input.Discussion,
        [.. (input.Conflicts ?? []).Select(conflict => new DeclaredConflict(conflict.Account, conflict.Nature))],
        input.Answers);
}
