using System.Text.Encodings.Web;
using Grants.Service.Api.Documents;
using Grants.Service.Api.Limits;
using Grants.Service.Api.Transports;
using GraphQL;
using GraphQL.Execution;
using GraphQLParser.AST;

namespace Grants.Service.Api;

public static class ApiModule
{
    public static void AddApi(this IServiceCollection services)
    {
        services.AddSingleton<MutationReceipts>();
        services.AddSingleton<KnownDocuments>();
        services.AddSingleton<OperationRunner>();
        services.AddSingleton<HttpTransport>();
        services.AddSingleton<EventStreamTransport>();
        services.AddSingleton<SocketTransport>();
        services.AddSingleton<ConnectionLimit>();
        services.AddSingleton<CostBuckets>();
        services.AddSingleton<ExecutionGate>();
        services.AddSingleton<HeldRefusals>();
        services.AddSingleton<UnchargedMutations>();
        services.AddSingleton<CursorSeal>();
        services.AddGraphQL(builder => builder
            .AddSchema<GrantsSchema>()
            .AddGraphTypes(typeof(ApiModule).Assembly)
            // A database session is not for two resolvers at once.
            .AddExecutionStrategy<SerialExecutionStrategy>(OperationType.Query)
            .AddExecutionStrategy<PullingStrategy>(OperationType.Subscription)
            .AddSystemTextJson(options => options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)
            .AddErrorInfoProvider(options => options.ExposeCodes = false));
    }
}
