using Grants.Ethereum.JsonRpc;
using Grants.Service.Awards;
using Grants.Service.Governors;
using JasperFx;
using JasperFx.CodeGeneration;
using JasperFx.Core;
using Marten;
using Marten.Exceptions;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Runtime.Handlers;

namespace Grants.Service.Hosting;

/// <summary>Messages: durable local queues in the same database, handlers in a transaction with their events.</summary>
public static class WolverineSetup
{
    public static void Configure(WolverineOptions options)
    {
        options.ApplicationAssembly = typeof(WolverineSetup).Assembly;
        options.ServiceName = "grants";
        options.Discovery.CustomizeHandlerDiscovery(query =>
        {
            query.Includes.WithNameSuffix("Handlers");
            query.Includes.WithNameSuffix("Reactions");
        });
        options.Policies.AutoApplyTransactions();
        options.Policies.UseDurableLocalQueues();
        options.Policies.AddMiddleware(typeof(EventForwardingMiddleware), Writes);
        options.MultipleHandlerBehavior = MultipleHandlerBehavior.Separated;
        options.Durability.MessageIdentity = MessageIdentity.IdAndDestination;
        options.Durability.Mode = DurabilityMode.Solo;
        options.Durability.ScheduledJobPollingTime = 1.Seconds();
        options.Durability.DeadLetterQueueExpirationEnabled = false;
        options.CodeGeneration.TypeLoadMode = TypeLoadMode.Dynamic;

        // Every final block says again what is due: in turn, the later messages find it ordered.
        options.LocalQueueFor<ReleaseNextTranche>().Sequential();
        options.LocalQueueFor<FollowGovernor>().Sequential();

        // Two commands met on one stream: the later one is decided again on the newer state.
        options.OnException<ConcurrencyException>().Or<ExistingStreamIdCollisionException>()
            .RetryWithCooldown(25.Milliseconds(), 50.Milliseconds(), 100.Milliseconds(), 250.Milliseconds(), 1.Seconds());
        // The node is away: try again for a while, then keep the message for a person.
        options.OnException<RpcTransportException>()
            .RetryWithCooldown(250.Milliseconds(), 1.Seconds(), 5.Seconds())
            .Then.ScheduleRetry(30.Seconds(), 2.Minutes(), 10.Minutes());
    }
    /// <summary>Whether the messages of a chain are handled with a session that can append events.</summary>
    public static bool Writes(HandlerChain chain) =>
        chain.Handlers.Any(call => call.Method.GetParameters().Any(parameter => parameter.ParameterType == typeof(IDocumentSession)));
}
