using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Grants.Service.VotingPower;

namespace Grants.Service.Proposals;

/// <summary>The voting power with which somebody proposes: read as a vote's is, at the last final block.</summary>
public sealed class ApplicantPower(ChainView chain, PowerStore powers)
{
    /// <param name="needed">Base units; where it is zero, nothing is read.</param>
    /// <returns>Base units, or why they cannot be told.</returns>
    public async Task<(UInt256 Power, Rejection? Missing)> AtLastFinalBlockAsync(
        ProgramOpened program, UInt256 needed, Address applicant, CancellationToken cancellation)
    {
        if (needed.IsZero)
            return (UInt256.Zero, null);
        var rules = program.VotingRules.Power;
        if (await chain.HeadsAsync(program.ChainId, cancellation) is not { Promoted: var block })
            return (UInt256.Zero, new PowerNotIndexed(rules.Contracts().FirstOrDefault()));
        var (power, missing) = await powers.MaterialiseAsync(program.ChainId, rules, program.WatchFromBlock, block, cancellation);
        var own = power?.Snapshot.Accounts.FirstOrDefault(account => account.Account == applicant);
        return (own?.Power ?? UInt256.Zero, missing);
    }
}
