using System.Globalization;
using System.Text.Json.Nodes;
using Grants.Domain.Awards;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;

namespace Grants.Service.Reports;

/// <summary>
/// Programs and proposals in the words of DAOIP-5 (github.com/metagov/daostar, draft of 2025). It has none for vesting and
/// compliance: these are under <c>extensions</c>. Amounts are base units; a denomination is the token's CAIP-19 id.
/// </summary>
public static class DaoExport
{
    private const string Context = "http://www.daostar.org/schemas";

    /// <summary>The grant pools of a space.</summary>
    public static JsonObject Pools(IReadOnlyList<FundingProgram> programs, DaoAddresses addresses, DateTimeOffset at) => Document(
        addresses,
        programs.Select(program =>
        {
            var rounds = program.Terms.Intake?.Rounds ?? [];
            return new JsonObject
            {
                ["type"] = "GrantPool",
                ["id"] = addresses.PoolId(program),
                ["name"] = program.Terms.Name,
                ["description"] = program.Terms.Name,
                ["grantFundingMechanism"] = "Direct Grants",
                ["isOpen"] = rounds.Count == 0 || rounds.Any(round => round.OpensAt <= at && at < round.ClosesAt),
                ["closeDate"] = rounds.Count == 0 ? null : Instant(rounds[^1].ClosesAt),
                ["applicationsURI"] = addresses.ApplicationsUri(program),
                ["totalGrantPoolSize"] = new JsonArray(Money(program, program.Terms.Budget.ToString())),
                ["extensions"] = new JsonObject
                {
                    ["x-policy"] = new JsonObject
                    {
                        ["id"] = program.Terms.Policy.PolicyId,
                        ["hash"] = program.Terms.Policy.Hash.ToString(),
                    },
                },
            };
        }));

    /// <summary>The applications to a program.</summary>
    public static JsonObject Applications(ProgramRecords records, DaoAddresses addresses)
    {
        var awards = records.Awards.ToDictionary(award => award.Terms.ProposalId);
        var applications = records.Proposals
            .Select(proposal => (JsonNode)Application(records.Program, proposal, awards.GetValueOrDefault(proposal.ProposalId), addresses));
        return Document(
            addresses,
            [
                new JsonObject
                {
                    ["type"] = "GrantPool",
                    ["name"] = records.Program.Terms.Name,
                    ["applications"] = new JsonArray([.. applications]),
                },
            ]);
    }

    private static JsonObject Application(FundingProgram program, Proposal proposal, Award? award, DaoAddresses addresses) => new()
    {
        ["type"] = "GrantApplication",
        ["id"] = addresses.ApplicationId(program, proposal.ProposalId),
        ["grantPoolsURI"] = addresses.PoolsUri,
        ["grantPoolId"] = addresses.PoolId(program),
        ["grantPoolName"] = program.Terms.Name,
        ["projectId"] = addresses.ProjectId(program, proposal.Applicant),
        ["projectName"] = ProgramRecords.TitleOf(proposal),
        ["createdAt"] = Instant(proposal.DraftedAt),
        ["discussionsTo"] = proposal.HiddenBecause is null ? proposal.Content.Discussion : null,
        ["fundsAsked"] = new JsonArray(Money(program, proposal.Content.RequestedAmount.ToString())),
        ["fundsApproved"] = award is null ? new JsonArray() : new JsonArray(Money(program, award.Terms.Amount.ToString())),
        ["payoutAddress"] = new JsonObject
        {
            ["type"] = "CAIP10Address",
            ["value"] = DaoAddresses.Account(program.Terms.ChainId, award?.Recipient ?? proposal.Content.Recipient),
        },
        ["status"] = StatusOf(proposal, award),
        ["payouts"] = new JsonArray([.. (award?.Orders ?? []).Where(order => order.ReleasedAt is not null)
            .Select(order => (JsonNode)Payout(program, award!, order))]),
        ["extensions"] = award is null ? null : Extensions(award),
    };

    private static string StatusOf(Proposal proposal, Award? award) => proposal.State switch
    {
        ProposalState.Submitted => "pending",
        ProposalState.Rejected or ProposalState.Withdrawn or ProposalState.Cancelled => "rejected",
        ProposalState.Approved when award is { Released.IsZero: false } => award.Released == award.Terms.Amount ? "completed" : "funded",
        ProposalState.Approved => "approved",
        _ => "in_review",
    };

    private static JsonObject Payout(FundingProgram program, Award award, TrancheOrder order) => new()
    {
        ["type"] = "OnchainTransaction",
        ["value"] = new JsonObject
        {
            ["chainId"] = DaoAddresses.Account(program.Terms.ChainId, award.Terms.Vault),
            ["releaseId"] = order.ReleaseId.ToString(),
            ["amount"] = order.Amount.ToString(),
            ["denomination"] = DaoAddresses.Asset(program.Terms.ChainId, award.Terms.Token),
        },
        ["proof"] = order.ReleasedAt!.TransactionHash.ToString(),
    };

    private static JsonObject Extensions(Award award) => new()
    {
        ["x-vesting"] = new JsonObject
        {
            ["startsAt"] = Instant(DateTimeOffset.FromUnixTimeSeconds(award.Terms.StartAt)),
            ["endsAt"] = Instant(DateTimeOffset.FromUnixTimeSeconds(award.Position.EndsAt)),
            ["released"] = award.Released.ToString(),
            ["clawedBack"] = award.ClawedBack.ToString(),
            ["remaining"] = award.Remaining.ToString(),
            ["milestones"] = new JsonArray([.. award.Milestones.Select(milestone => (JsonNode)new JsonObject
            {
                ["number"] = milestone.Number,
                ["title"] = milestone.Terms.Title,
                ["amount"] = milestone.Amount.ToString(),
                ["status"] = milestone.Status.ToString(),
                ["dueAt"] = Instant(DateTimeOffset.FromUnixTimeSeconds(milestone.Terms.DueAt)),
            })]),
        },
        ["x-compliance"] = new JsonObject
        {
            ["policyId"] = award.Terms.Policy.PolicyId,
            ["policyHash"] = award.Terms.Policy.Hash.ToString(),
            ["heldTranche"] = award.HeldTranche == 0 ? null : award.HeldTranche,
        },
    };

    private static JsonObject Document(DaoAddresses addresses, IEnumerable<JsonObject> pools) => new()
    {
        ["@context"] = Context,
        ["name"] = addresses.Space.Name,
        ["type"] = "DAO",
        ["grantPools"] = new JsonArray([.. pools]),
    };

    private static JsonObject Money(FundingProgram program, string amount) => new()
    {
        ["amount"] = amount,
        ["denomination"] = DaoAddresses.Asset(program.Terms.ChainId, program.Terms.Token),
    };

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
