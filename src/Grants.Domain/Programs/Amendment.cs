using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Programs;

// --- Commands ---

/// <summary>What an amendment changes; null stays as it is.</summary>
/// <param name="WithoutReview">There is no review any more.</param>
public sealed record ProgramChanges(
    string? Name = null,
    UInt256? Budget = null,
    VotingRules? VotingRules = null,
    VestingTemplate? Vesting = null,
    ReinvestmentPolicy? Policy = null,
    string? Agreement = null,
    IntakeRules? Intake = null,
    ReviewRules? Review = null,
    bool WithoutReview = false);

/// <summary>Gives a program new terms. What was submitted or awarded before keeps those it has.</summary>
/// <param name="ExpectedVersion">Of the terms that this changes.</param>
/// <param name="VaultFree">Base units of the token that the vault holds at the finalized head and owes to no award.</param>
public sealed record AmendProgram(
    string ProgramId, int ExpectedVersion, ProgramChanges Changes, UInt256 VaultFree, Address Actor, string Reason, DateTimeOffset At);

// --- Events ---

/// <param name="Version">From 2: the terms of the opening are version 1.</param>
/// <param name="Terms">All of them, as they are from here on.</param>
public sealed record ProgramAmended(
    string ProgramId, int Version, ProgramOpened Terms, Address Actor, string Reason, DateTimeOffset At);

// --- Rejections ---

public sealed record StaleVersion(int Expected, int Current)
    : Rejection("STALE_VERSION", $"The amendment is of version {Expected}; the program is at version {Current}.");

public sealed record BudgetBelowCommitted(UInt256 Budget, UInt256 Committed)
    : Rejection("BUDGET_BELOW_COMMITTED", $"{Committed} base units are committed to awards; the budget cannot be {Budget}.");

// --- State ---

/// <summary>Who changed the terms, and why.</summary>
public sealed record ProgramAmendment(int Version, Address Actor, string Reason, DateTimeOffset At);

/// <summary>The versions of a program's terms.</summary>
public sealed partial record FundingProgram
{
    /// <summary>The longest reason, in UTF-16 units.</summary>
    public const int ReasonLengthMax = 2_000;

    /// <summary>The terms of the versions before the present one, from version 1.</summary>
    public ValueList<ProgramOpened> Superseded { get; init; } = [];

    /// <summary>From version 2.</summary>
    public ValueList<ProgramAmendment> Amendments { get; init; } = [];

    /// <summary>Of the terms as they are now, from 1.</summary>
    [JsonIgnore]
    public int Version => Superseded.Count + 1;

    /// <summary>The terms of a version.</summary>
    public ProgramOpened TermsOf(int version) => version <= Superseded.Count ? Superseded[version - 1] : Terms;

    // --- Decide ---

    public static Decision Decide(AmendProgram command, FundingProgram? state)
    {
        if (state is null)
            return new NotFound("program");
        var terms = Amended(state.Terms, command.Changes);
        if (terms == state.Terms)
            return Decision.Nothing;
        if (command.ExpectedVersion != state.Version)
            return new StaleVersion(command.ExpectedVersion, state.Version);
        if (string.IsNullOrWhiteSpace(command.Reason) || command.Reason.Length > ReasonLengthMax
            || command.Reason.Contains('\0', StringComparison.Ordinal))
            return new InvalidValue("reason", $"A reason has 1 to {ReasonLengthMax} characters, without the null character.");
        if (Problem(terms) is { } problem)
            return problem;
        if (terms.Budget < state.CommittedTotal)
            return new BudgetBelowCommitted(terms.Budget, state.CommittedTotal);
        return terms.Budget > state.Terms.Budget && terms.Budget - state.CommittedTotal > command.VaultFree
            ? new BudgetNotFunded(terms.Budget - state.CommittedTotal, command.VaultFree)
            : Decision.Accept(
                new ProgramAmended(state.Id, state.Version + 1, terms, command.Actor, command.Reason, command.At));
    }

    private static ProgramOpened Amended(ProgramOpened terms, ProgramChanges changes) => terms with
    {
        Name = changes.Name ?? terms.Name,
        Budget = changes.Budget ?? terms.Budget,
        VotingRules = changes.VotingRules ?? terms.VotingRules,
        Vesting = changes.Vesting ?? terms.Vesting,
        Policy = changes.Policy ?? terms.Policy,
        Agreement = changes.Agreement ?? terms.Agreement,
        Intake = changes.Intake ?? terms.Intake,
        Review = changes.WithoutReview ? null : changes.Review ?? terms.Review,
    };
}
