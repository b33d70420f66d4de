using System.Text.Json.Nodes;
using Grants.Domain.Awards;
using Grants.Domain.Programs;
using Grants.Ethereum.JsonRpc;
using Grants.Service.Awards;
using Grants.Service.Demo;
using Grants.Service.Ingestion;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Grants.Service.Tests.Awards;

public sealed class AwardRaceTests(LocalServers servers)
{
    private const int Proposals = 64;
    private const int Affordable = 10;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task of_64_awards_against_a_budget_for_10_exactly_10_are_granted()
    {
        var vesting = new JsonObject { ["cliffSeconds"] = 0, ["durationSeconds"] = 400, ["tranches"] = 4 };
        await using var service = await AwardService.StartAsync(servers, vesting, Scene.Tokens(Affordable));
        var approvals = new List<Domain.Proposals.ProposalApproved>();
        for (var number = 0; number < Proposals; number++)
            approvals.Add(await service.DraftAsync(number, Cast.Ada, Scene.Tokens(1)));

        var results = await Task.WhenAll(approvals.Select(async approved =>
        {
            await using var session = service.Session();
            var result = await AwardsReactions.Handle(
                approved,
                session,
                service.Services.GetRequiredService<ChainView>(),
                service.Services.GetRequiredService<EthereumRpc>(),
                NullLogger<Award>.Instance,
                Cancellation);
            await session.SaveChangesAsync(Cancellation);
            return result;
        }));

        Assert.Equal(Affordable, results.Count(result => result.IsAccepted));
        Assert.All(results.Where(result => !result.IsAccepted), result => Assert.Equal("BUDGET_EXCEEDED", result.Rejection!.Code));
        await using var read = service.Session();
        var program = (await read.LoadAsync<FundingProgram>(AwardService.ProgramId, Cancellation))!;
        Assert.Equal((Affordable, Primitives.UInt256.Zero), (program.Committed.Count, program.BudgetLeft));
        Assert.Equal(Affordable, (await Marten.QueryableExtensions.ToListAsync(read.Query<Award>(), Cancellation)).Count);
    }
}
