using Grants.Domain.Programs;
using Grants.Service.Hosting;
using Grants.Service.Programs.Names;
using Grants.Service.Programs.Vaults;
using Marten;

namespace Grants.Service.Programs;

public static class ProgramsHandlers
{
    // Where the program is refused, nothing is saved, and the vault is not taken either.
    public static async Task<CommandResult> Handle(OpenProgram command, IDocumentSession session, CancellationToken cancellation) =>
        await DistinctNames.RefuseNameAsync(session, command.Program.ProgramId, command.Program.Name, cancellation) is { } taken
            ? taken
            : await VaultSpaces.TakeAsync(session, command.Program.ChainId, command.Program.Vault, cancellation)
                ? await session.DecideAsync<FundingProgram>(
                    command.Program.ProgramId, program => FundingProgram.Decide(command, program), cancellation)
                : new VaultOfAnotherSpace(command.Program.Vault);

    public static async Task<CommandResult> Handle(AmendProgram command, IDocumentSession session, CancellationToken cancellation) =>
        await DistinctNames.RefuseNameAsync(session, command.ProgramId, command.Changes.Name, cancellation) is { } taken
            ? taken
            : await session.DecideAsync<FundingProgram>(
                command.ProgramId, program => FundingProgram.Decide(command, program), cancellation);

    /// <summary>Takes its turn among the submissions to the program, as they do.</summary>
    public static async Task<CommandResult> Handle(ReleaseSubmission command, IDocumentSession session, CancellationToken cancellation)
    {
        var register = await session.Events.FetchForExclusiveWriting<SubmissionRegister>(
            SubmissionRegister.StreamId(command.ProgramId), cancellation);
        register.AppendMany(SubmissionRegister.Decide(command, register.Aggregate).Events);
        return CommandResult.Done;
    }
}
