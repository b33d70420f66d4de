using System.Text.Encodings.Web;
using GraphQL;
using GraphQL.Execution;
using GraphQLParser.AST;

namespace Grants.Service.Api;

public static class ApiModule
{
    public static void AddApi(this IServiceCollection services)
    {
        services.AddSingleton<MutationReceipts>();
        services.AddGraphQL(builder => builder
            .AddSchema<GrantsSchema>()
            .AddGraphTypes(typeof(ApiModule).Assembly)
            // A database session is not for two resolvers at once.
            .AddExecutionStrategy<SerialExecutionStrategy>(OperationType.Query)
            .AddSystemTextJson(options => options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)
            .ConfigureExecutionOptions(options => options.UnhandledExceptionDelegate = context =>
            {
                // What broke is for the log; the client gets a trace id and nothing else.
                var trace = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? Guid.CreateVersion7().ToString("N");
                options.RequestServices!.GetRequiredService<ILogger<GrantsSchema>>()
                    .LogError(context.OriginalException, "A resolver failed; trace {Trace}", trace);
                context.Exception = new ProtocolError("INTERNAL", $"Something broke on our side. Trace {trace}.");
                return Task.CompletedTask;
            })
            .AddErrorInfoProvider(options => options.ExposeCodes = false));
    }
}
