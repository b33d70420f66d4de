using Grants.Domain.Programs;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.Programs;

public static class ProgramsModule
{
    public static void Configure(StoreOptions options) => options.AddDecider<FundingProgram>(
        FundingProgram.Evolve,
        ("program_opened", typeof(ProgramOpened)),
        ("budget_committed", typeof(BudgetCommitted)));
}
