using Grants.Domain.Access;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.Access;

public static class RolesHandlers
{
    public static Task<CommandResult> Handle(GrantRole command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<RoleBook>(RoleBook.StreamId, book => RoleBook.Decide(command, book), cancellation);

    public static Task<CommandResult> Handle(RevokeRole command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<RoleBook>(RoleBook.StreamId, book => RoleBook.Decide(command, book), cancellation);
}
