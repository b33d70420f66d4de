using System.Collections.Immutable;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Grants.Primitives;

namespace Grants.Domain.Programs;

// --- Commands ---

/// <param name="Program">What is to be opened.</param>
/// <param name="VaultBalance">Base units of the token that the vault holds at the finalized head.</param>
public sealed record OpenProgram(ProgramOpened Program, UInt256 VaultBalance);

/// <summary>Sets aside a part of the budget for an award.</summary>
public sealed record CommitBudget(Hash32 AwardId, UInt256 Amount);

// --- Events ---

/// <param name="Agreement">What a recipient signs before the first release, as written; null where there is nothing to sign.</param>
/// <param name="Intake">What it asks of proposals; null where it takes anything.</param>
/// <param name="Review">How proposals are reviewed; null where they are not.</param>
public sealed record ProgramOpened(
    string ProgramId,
    string Space,
    string Name,
    long ChainId,
    Address Token,
    Address Vault,
    UInt256 Budget,
    VotingRules VotingRules,
    VestingTemplate Vesting,
    ReinvestmentPolicy Policy,
    long WatchFromBlock,
    Address OpenedBy,
    DateTimeOffset OpenedAt,
    string? Agreement = null,
    ProgramKind Kind = ProgramKind.Grant,
    IntakeRules? Intake = null,
    ReviewRules? Review = null)
{
    /// <summary>The longest agreement, in UTF-16 units.</summary>
    public const int AgreementLengthMax = 50_000;

    /// <summary>Keccak-256 of the agreement's UTF-8 text, which a recipient signs; zero where there is none.</summary>
    [JsonIgnore]
    public Hash32 AgreementHash => Agreement is null ? Hash32.Zero : Keccak256.Hash(Agreement);
}

public sealed record BudgetCommitted(string ProgramId, Hash32 AwardId, UInt256 Amount);

// --- Rejections ---

public sealed record ProgramExists(string ProgramId)
    : Rejection("PROGRAM_EXISTS", $"There is already a program {ProgramId} with other terms.");

public sealed record KindNotSupported(ProgramKind Kind)
    : Rejection("KIND_NOT_SUPPORTED", $"Programs of kind {Kind} cannot be opened: nothing entitles anybody in them.");

public sealed record BudgetNotFunded(UInt256 Budget, UInt256 VaultBalance)
    : Rejection("BUDGET_NOT_FUNDED", $"The vault holds {VaultBalance} base units; the budget asks for {Budget}.");

public sealed record BudgetExceeded(UInt256 Requested, UInt256 Left)
    : Rejection("BUDGET_EXCEEDED", $"The award asks for {Requested} base units; the program has {Left} left.");

public sealed record CommitmentDiffers(UInt256 Committed, UInt256 Requested)
    : Rejection("COMMITMENT_DIFFERS", $"{Committed} base units are committed to this award already, not {Requested}.");

// --- State ---

/// <summary>Whom a program pays.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProgramKind>))]
public enum ProgramKind
{
    /// <summary>Projects, by an approved proposal.</summary>
    Grant,

    /// <summary>Sequencer operators, by reward events of the sequencer pool.</summary>
    Sequencer,

    /// <summary>MEV routers, builders and searchers, by epoch reports.</summary>
    Mev,

    /// <summary>Liquidity providers, by measured liquidity.</summary>
    Liquidity,
}

/// <summary>A funded incentive program with its rules.</summary>
/// <param name="Terms">As they are now, with all amendments.</param>
public sealed partial record FundingProgram(string Id, ProgramOpened Terms, ImmutableDictionary<string, UInt256> Committed)
{
    /// <summary>Base units not yet committed to an award.</summary>
    public UInt256 BudgetLeft => Terms.Budget - CommittedTotal;

    public UInt256 CommittedTotal => Committed.Values.Aggregate(UInt256.Zero, (sum, amount) => sum + amount);

    // --- Decide ---

    public static Decision Decide(OpenProgram command, FundingProgram? state)
    {
        var program = command.Program;
        if (state is not null)
            return state.TermsOf(1) with { OpenedAt = program.OpenedAt } == program
                ? Decision.Nothing
                : new ProgramExists(program.ProgramId);
        if (!Slug().IsMatch(program.ProgramId))
            return new InvalidValue("programId", "3 to 48 characters: a to z, digits and hyphens, beginning with a letter.");
        if (Problem(program) is { } problem)
            return problem;
        return command.VaultBalance < program.Budget
            ? new BudgetNotFunded(program.Budget, command.VaultBalance)
            : Decision.Accept(program);
    }

    public static Decision Decide(CommitBudget command, FundingProgram? state)
    {
        if (state is null)
            return new NotFound("program");
        if (state.Committed.TryGetValue(command.AwardId.ToString(), out var amount))
            return amount == command.Amount ? Decision.Nothing : new CommitmentDiffers(amount, command.Amount);
        return command.Amount > state.BudgetLeft
            ? new BudgetExceeded(command.Amount, state.BudgetLeft)
            : Decision.Accept(new BudgetCommitted(state.Id, command.AwardId, command.Amount));
    }

    // --- Evolve ---

    public static FundingProgram? Evolve(FundingProgram? state, object @event) => @event switch
    {
        ProgramOpened opened => new FundingProgram(opened.ProgramId, opened, ImmutableDictionary<string, UInt256>.Empty),
        BudgetCommitted committed => state! with
        {
            Committed = state.Committed.SetItem(committed.AwardId.ToString(), committed.Amount),
        },
        ProgramAmended amended => state! with
        {
            Terms = amended.Terms,
            Superseded = [.. state.Superseded, state.Terms],
            Amendments =
            [
                .. state.Amendments, new ProgramAmendment(amended.Version, amended.Actor, amended.Reason, amended.At),
            ],
        },
        _ => state,
    };

    private static Rejection? Problem(ProgramOpened program)
    {
        if (!LineText.IsLine(program.Name, 200))
            return new InvalidValue("name", "Must have 1 to 200 characters on one line, all of which can be seen.");
        if (program.Kind != ProgramKind.Grant)
            return new KindNotSupported(program.Kind);
        if (program.Budget.IsZero)
            return new InvalidValue("budget", "Must be above zero.");
        if (program.Token.IsZero)
            return new InvalidValue("token", "The zero address is no token.");
        if (program.Vault.IsZero)
            return new InvalidValue("vault", "The zero address is no vault.");
        if (program.Agreement is { Length: 0 or > ProgramOpened.AgreementLengthMax })
            return new InvalidValue("agreement", $"Must have 1 to {ProgramOpened.AgreementLengthMax} characters.");
        if (program.Intake?.Deposit?.Holder is { } holder && (holder == program.Vault || holder == program.Token))
            return new InvalidValue("intake.deposit.holder", "The vault pays awards alone: it could not give a deposit back.");
        if (program.Intake?.Deposit is { Holder: var purse } && program.Policy.LabelOf(purse) == AddressKind.Treasury)
            return new InvalidValue("intake.deposit.holder", "What grantees return to the treasury would count as their deposit.");
        if (program.WatchFromBlock < 0)
            return new InvalidValue("watchFromBlock", "Must not be negative.");
        return program.VotingRules.Validate() ?? program.Vesting.Validate() ?? program.Policy.Validate()
            ?? program.Intake?.Validate() ?? program.Review?.Validate();
    }

    [GeneratedRegex(@"^[a-z][a-z0-9-]{2,47}\z")]
    private static partial Regex Slug();
}
