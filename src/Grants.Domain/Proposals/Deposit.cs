using Grants.Primitives;

namespace Grants.Domain.Proposals;

// --- Commands ---

/// <summary>Tokens that were moved, on the finalized chain.</summary>
/// <param name="Amount">Base units.</param>
public sealed record TokenTransfer(EventKey Evidence, Address Token, Address From, Address To, UInt256 Amount);

/// <summary>The holder has given a deposit back.</summary>
/// <param name="Actor">Who says so, with the transfer.</param>
public sealed record RecordDepositReturned(Hash32 ProposalId, TokenTransfer Transfer, Address Actor, DateTimeOffset At);

// --- Events ---

/// <summary>The applicant has paid what the program asks of whoever submits; before the submission itself.</summary>
/// <param name="Amount">Base units: all that was paid, and all that is to be given back.</param>
/// <param name="IsForfeitedAsSpam">As the program said then.</param>
public sealed record DepositPlaced(
    Hash32 ProposalId,
    Address Applicant,
    Address Token,
    UInt256 Amount,
    Address Holder,
    bool IsForfeitedAsSpam,
    EventKey Evidence,
    DateTimeOffset At);

/// <summary>The proposal was screened out as spam. An appeal that is upheld takes this back.</summary>
public sealed record DepositForfeited(Hash32 ProposalId, string Reason, DateTimeOffset At);

public sealed record DepositReturned(Hash32 ProposalId, UInt256 Amount, EventKey Evidence, Address Actor, DateTimeOffset At);

// --- Rejections ---

public sealed record DepositNeeded(DepositRules Rules) : Rejection(
    "DEPOSIT_NEEDED",
    $"Submitting takes a deposit of {Rules.Amount} base units of {Rules.Token}, sent by the applicant to {Rules.Holder}.");

public sealed record DepositNotFound() : Rejection(
    "DEPOSIT_NOT_FOUND", "No final block holds a transfer of that token at that place; a young one is final in a while.");

public sealed record DepositDiffers(string Needed) : Rejection("DEPOSIT_DIFFERS", $"The transfer is another one than needed: {Needed}");

public sealed record DepositUsed() : Rejection("DEPOSIT_USED", "That transfer stands for another deposit or return already.");

public sealed record DepositNotDue(string Why) : Rejection("DEPOSIT_NOT_DUE", Why);

// --- State ---

/// <summary>A deposit and what became of it.</summary>
/// <param name="Forfeited">Null while it is not.</param>
/// <param name="Returned">Null while it is not.</param>
public sealed record ProposalDeposit(DepositPlaced Placed, DepositForfeited? Forfeited = null, DepositReturned? Returned = null);

/// <summary>
/// The deposit of a proposal: the alternative to voting power against a flood of them. It is due to the applicant when the proposal has
/// ended, however, unless it was screened out as spam where the program says that this forfeits it. The vault pays awards alone, and no
/// key of ours reaches the holder: giving back is a duty of people, on record until the chain shows that it is done.
/// </summary>
public sealed partial record Proposal
{
    /// <summary>Null where none was paid.</summary>
    public ProposalDeposit? Deposit { get; init; }

    /// <summary>The deposit is to be given back.</summary>
    public bool IsDepositDue => Deposit is { Forfeited: null, Returned: null }
        && State is ProposalState.Approved or ProposalState.Rejected or ProposalState.Withdrawn or ProposalState.Cancelled;

    // --- Decide ---

    public static Decision Decide(RecordDepositReturned command, Proposal? state)
    {
        if (state is null or { State: ProposalState.Draft })
            return new NotFound("proposal");
        if (state.Deposit is not { Placed: var placed } deposit)
            return new DepositNotDue("The proposal has no deposit.");
        if (deposit.Returned is { } returned)
            return returned.Evidence == command.Transfer.Evidence ? Decision.Nothing : new DepositNotDue("The deposit is given back.");
        if (!state.IsDepositDue)
            return new DepositNotDue(
                deposit.Forfeited is null ? "The proposal has not ended." : "The proposal was spam: its deposit is forfeited.");
        return Differs(command.Transfer, placed.Token, placed.Holder, placed.Applicant, placed.Amount) is { } difference
            ? difference
            : Decision.Accept(new DepositReturned(
                command.ProposalId, command.Transfer.Amount, command.Transfer.Evidence, command.Actor, command.At));
    }

    // --- Evolve ---

    private static Proposal EvolveDeposit(Proposal state, object @event) => @event switch
    {
        DepositPlaced placed => state with { Deposit = new ProposalDeposit(placed) },
        DepositForfeited forfeited => state with { Deposit = state.Deposit! with { Forfeited = forfeited } },
        AppealOfProposalDecided { IsUpheld: true } when state.Deposit is { } deposit => state with
        {
            Deposit = deposit with { Forfeited = null },
        },
        DepositReturned returned => state with { Deposit = state.Deposit! with { Returned = returned } },
        _ => state,
    };

    /// <summary>What follows from a submission with a deposit, or what stands against it.</summary>
    private (Rejection? Refusal, DepositPlaced? Placed) Place(SubmissionFacts facts, DateTimeOffset at)
    {
        if (facts.Deposit is not { } paid)
            return (null, null);
        if (facts.Intake.Deposit is not { } rules)
            return (new InvalidValue("deposit", "The program takes no deposit."), null);
        if (Deposit is { } before)
            return (before.Placed.Evidence == paid.Evidence ? null : new InvalidValue("deposit", "The proposal has its deposit."), null);
        return Differs(paid, rules.Token, Applicant, rules.Holder, rules.Amount) is { } difference
            ? (difference, null)
            : (null, new DepositPlaced(
                ProposalId, Applicant, rules.Token, paid.Amount, rules.Holder, rules.IsForfeitedAsSpam, paid.Evidence, at));
    }

    // Enough power or a deposit: where a program asks for both, either will do.
    private Rejection? RefuseStake(SubmissionFacts facts)
    {
        if (Deposit is not null || facts.Deposit is not null)
            return null;
        var asks = !facts.Intake.PowerToPropose.IsZero;
        if (facts.Intake.Deposit is { } rules && (!asks || facts.Power < facts.Intake.PowerToPropose))
            return new DepositNeeded(rules);
        return facts.Power < facts.Intake.PowerToPropose ? new PowerTooLow(facts.Power, facts.Intake.PowerToPropose) : null;
    }

    private IReadOnlyList<object> Forfeit(string reason, DateTimeOffset at) =>
        Deposit is { Placed.IsForfeitedAsSpam: true, Forfeited: null, Returned: null }
            ? [new DepositForfeited(ProposalId, reason, at)]
            : [];

    private static DepositDiffers? Differs(TokenTransfer transfer, Address token, Address from, Address to, UInt256 least)
    {
        if (transfer.Token != token)
            return new DepositDiffers($"it must be of the token {token}.");
        if (transfer.From != from || transfer.To != to)
            return new DepositDiffers($"it must be from {from} to {to}.");
        return transfer.Amount < least ? new DepositDiffers($"it must be of {least} base units at least.") : null;
    }
}
