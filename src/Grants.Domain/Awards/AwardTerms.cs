using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Awards;

/// <summary>What an award is, frozen when it is granted.</summary>
/// <param name="AwardId">Its id, in the store and in the vault.</param>
/// <param name="Treasury">Where clawed back tokens go.</param>
/// <param name="Recipient">Who was approved; <see cref="Award.Recipient"/> is who is paid now.</param>
/// <param name="Amount">Base units of the token; what the curve vests in all.</param>
/// <param name="ReleasePeriodSeconds">How often a line is paid, from its start on; zero: at each of its steps.</param>
/// <param name="PauseBudgetSeconds">For how long in all vesting may be paused.</param>
/// <param name="Milestones">Of the proposal, in their order; null where it had none.</param>
/// <param name="AgreementHash">Keccak-256 of the text that the recipient signs before the first release; zero where there is none.</param>
/// <param name="StartAt">Seconds since 1970: from when milestones are counted.</param>
public sealed record AwardTerms(
    Hash32 AwardId,
    Hash32 ProposalId,
    string ProgramId,
    long ChainId,
    Address Token,
    Address Vault,
    Address Treasury,
    Address Recipient,
    UInt256 Amount,
    VestingCurve Vesting,
    ReinvestmentPolicy Policy,
    long ReleasePeriodSeconds = 0,
    long PauseBudgetSeconds = 0,
    ValueList<Milestone>? Milestones = null,
    Hash32 AgreementHash = default,
    long StartAt = 0)
{
    // How the first version wrote its vesting. It is read and never written.
    [JsonInclude]
    private EqualTranches? Schedule
    {
        init => (Vesting, StartAt) = value is null ? (Vesting, StartAt) : (value.CurveOf(Amount), value.StartAt);
    }

    /// <summary>The first thing wrong with these terms, or null.</summary>
    public Rejection? Validate()
    {
        if (Vesting.Validate() is { } problem)
            return problem;
        if (Amount.IsZero || Vesting.Amount != Amount)
            return new InvalidValue("amount", "Must be above zero, and what vests in all.");
        if (Vesting is TranchedVesting { Tranches.Count: > VestingTemplate.TranchesMax })
            return new InvalidValue("vesting.tranches", $"There must be at most {VestingTemplate.TranchesMax}.");
        if (ReleasePeriodSeconds < 0 || PauseBudgetSeconds < 0)
            return new InvalidValue("vesting", "Neither the release period nor the pause budget can be negative.");
        return Milestones is { Count: > VestingTemplate.TranchesMax }
            ? new InvalidValue("milestones", $"There must be at most {VestingTemplate.TranchesMax}.")
            : null;
    }
}
