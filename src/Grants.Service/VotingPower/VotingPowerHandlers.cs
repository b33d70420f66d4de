using Grants.Domain.VotingPower;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.VotingPower;

public static class VotingPowerHandlers
{
    public static Task<CommandResult> Handle(PublishStatement command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<DelegateProfile>(
            DelegateProfile.StreamId(command.Signed.Delegate), profile => DelegateProfile.Decide(command, profile), cancellation);
}
