using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Policies;

// --- Commands ---

/// <param name="Opening">The policy with which the program opened.</param>
/// <param name="By">The program manager who asks for it.</param>
/// <param name="Vote">The proposal that decided it; null where the manager did.</param>
public sealed record AdoptPolicy(
    string ProgramId, ReinvestmentPolicy Policy, ReinvestmentPolicy Opening, Address By, AdoptingVote? Vote, DateTimeOffset At);

/// <param name="IsApproved">Whether its vote approved it.</param>
/// <param name="Text">What was voted on; it must name the policy's hash.</param>
public sealed record AdoptingVote(Hash32 ProposalId, bool IsApproved, string Text);

// --- Events ---

/// <summary>Awards that are granted from now on owe this policy; earlier ones keep theirs.</summary>
public sealed record PolicyAdopted(
    string ProgramId, ReinvestmentPolicy Policy, Hash32 PolicyHash, Address By, Hash32? ProposalId, DateTimeOffset At);

// --- Rejections ---

public sealed record PolicyVersionTaken(int Version, int Next)
    : Rejection("POLICY_VERSION_TAKEN", $"Version {Version} is taken or passed over; the next one is {Next}.");

public sealed record PolicyNotVoted(Hash32 ProposalId, Hash32 PolicyHash)
    : Rejection("POLICY_NOT_VOTED", $"Proposal {ProposalId} is not approved, or its text does not name the policy's hash {PolicyHash}.");

// --- State ---

/// <summary>The policies that a program has adopted since it opened, oldest first.</summary>
public sealed record AdoptedPolicies(string Id, ImmutableList<PolicyAdopted> Adopted)
{
    public static string StreamId(string programId) => $"policies/{programId}";

    public static Decision Decide(AdoptPolicy command, AdoptedPolicies? state)
    {
        var (policy, hash) = (command.Policy, command.Policy.Hash);
        if (policy.Validate() is { } problem)
            return problem;
        var adopted = state?.Adopted ?? [];
        if (adopted.LastOrDefault()?.PolicyHash == hash)
            return Decision.Nothing;
        var next = adopted.Select(earlier => earlier.Policy).Prepend(command.Opening)
            .Where(earlier => earlier.PolicyId == policy.PolicyId).Select(earlier => earlier.Version).Append(0).Max() + 1;
        if (policy.Version != next)
            return new PolicyVersionTaken(policy.Version, next);
        if (command.Vote is { } vote && !(vote.IsApproved && vote.Text.Contains(hash.ToString(), StringComparison.OrdinalIgnoreCase)))
            return new PolicyNotVoted(vote.ProposalId, hash);
        return Decision.Accept(new PolicyAdopted(command.ProgramId, policy, hash, command.By, command.Vote?.ProposalId, command.At));
    }

    public static AdoptedPolicies? Evolve(AdoptedPolicies? state, object @event) => @event is PolicyAdopted adopted
        ? new AdoptedPolicies(StreamId(adopted.ProgramId), (state?.Adopted ?? []).Add(adopted))
        : state;
}
