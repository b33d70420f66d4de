using Grants.Domain.Programs;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.Programs;

public static class ProgramsHandlers
{
    public static Task<CommandResult> Handle(OpenProgram command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<FundingProgram>(
            command.Program.ProgramId, program => FundingProgram.Decide(command, program), cancellation);
}
