using Grants.Domain.Awards;
using Grants.Domain.Reinvestment;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.Awards;

/// <summary>Releases the next tranche of an award if it is due and nothing holds it.</summary>
public sealed record ReleaseNextTranche(Primitives.Hash32 AwardId, int Tranche, Primitives.BlockRef FinalizedBlock);

public static class AwardsHandlers
{
    public static async Task<CommandResult> Handle(
        ReleaseNextTranche command, IDocumentSession session, CancellationToken cancellation)
    {
        var monitored = await session.LoadAsync<ReinvestmentMonitor>(ReinvestmentMonitor.StreamId(command.AwardId), cancellation);
        return await session.DecideAsync<Award>(
            Award.StreamId(command.AwardId),
            award => Award.Decide(
                new OrderRelease(
                    command.AwardId,
                    command.Tranche,
                    monitored?.ComplianceCap(award!.Terms.Amount, award.Committed) ?? Primitives.UInt256.Zero,
                    command.FinalizedBlock),
                award),
            cancellation);
    }

    public static Task<CommandResult> Handle(OrderClawback command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Award>(Award.StreamId(command.AwardId), award => Award.Decide(command, award), cancellation);

    public static Task<CommandResult> Handle(PauseVesting command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Award>(Award.StreamId(command.AwardId), award => Award.Decide(command, award), cancellation);

    public static Task<CommandResult> Handle(ResumeVesting command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Award>(Award.StreamId(command.AwardId), award => Award.Decide(command, award), cancellation);

    public static Task<CommandResult> Handle(CancelAward command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Award>(Award.StreamId(command.AwardId), award => Award.Decide(command, award), cancellation);

    public static Task<CommandResult> Handle(SubmitMilestone command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Award>(Award.StreamId(command.AwardId), award => Award.Decide(command, award), cancellation);

    public static Task<CommandResult> Handle(ReviewMilestone command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Award>(Award.StreamId(command.AwardId), award => Award.Decide(command, award), cancellation);

    public static Task<CommandResult> Handle(AmendMilestone command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Award>(Award.StreamId(command.AwardId), award => Award.Decide(command, award), cancellation);

    public static Task<CommandResult> Handle(SignAgreement command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Award>(Award.StreamId(command.AwardId), award => Award.Decide(command, award), cancellation);

    public static Task<CommandResult> Handle(AgreeRecipientChange command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Award>(Award.StreamId(command.AwardId), award => Award.Decide(command, award), cancellation);
}
