using Grants.Domain.Programs;
using Grants.Service.Hosting;
using Grants.Service.Ingestion.Retention;
using Grants.Service.Programs.Names;
using Marten;

namespace Grants.Service.Programs;

public static class ProgramsModule
{
    public static void AddPrograms(this IServiceCollection services)
    {
        services.AddSingleton<DistinctNames>();
        services.AddSingleton<IKeepsLogs, ProgramLogs>();
    }

    public static void Configure(StoreOptions options)
    {
        options.AddDecider<FundingProgram>(
            FundingProgram.Evolve,
            ("program_opened", typeof(ProgramOpened)),
            ("program_amended", typeof(ProgramAmended)),
            ("budget_committed", typeof(BudgetCommitted)));
        options.AddDecider<SubmissionRegister>(
            SubmissionRegister.Evolve,
            ("submission_admitted", typeof(SubmissionAdmitted)),
            ("submission_released", typeof(SubmissionReleased)),
            ("earlier_submissions_counted", typeof(EarlierSubmissionsCounted)));
    }
}
