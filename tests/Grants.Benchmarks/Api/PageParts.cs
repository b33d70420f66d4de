using System.Globalization;
using Grants.Domain.Proposals;
using Grants.Service;
using Grants.Service.Api;
using Grants.Service.Api.Documents;
using Grants.Service.Api.Limits;
using Grants.Service.Api.Lists;
using GraphQL;
using GraphQL.Types;
using GraphQLParser.AST;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Grants.Benchmarks.Api;

/// <summary>
/// Where the cost of a page goes, in this process and by turns, so that whatever else the machine does falls on all parts alike: processor
/// time and bytes that a part allocates each time.
/// </summary>
/// <param name="store">As the service has it.</param>
/// <param name="plain">The same, but every state is made of its JSON each time.</param>
internal sealed class PageParts(IDocumentStore store, IDocumentStore plain, string connection, string space)
{
    private const int Rounds = 40;
    private const int Times = 25;

    private readonly ServiceProvider services = Services(store, connection, space);
    private readonly ServiceProvider plainServices = Services(plain, connection, space);

    public async Task MeasureAsync(params (string Name, string Document)[] documents)
    {
        var parts = new List<(string Name, Func<Task> Run)>
        {
            ("50 rows as the database gives them", RawAsync),
            ("50 states through the store", () => StatesAsync(store)),
            ("50 states, each made anew", () => StatesAsync(plain)),
        };
        foreach (var (name, text) in documents)
        {
            var document = DocumentGuard.Inspect(text).Document!;
            parts.Add(($"guard and price: {name}", () => Priced(text)));
            parts.Add(($"executed: {name}", async () => await ExecuteAsync(services, text, document)));
            parts.Add(($"executed and written: {name}", () => WriteAsync(services, text, document)));
            parts.Add(($"the same, states made anew: {name}", () => WriteAsync(plainServices, text, document)));
        }

        Tell(parts, await SpentAsync(parts));
    }

    private static async Task<Dictionary<string, List<(double Microseconds, double Bytes)>>> SpentAsync(
        List<(string Name, Func<Task> Run)> parts)
    {
        var spent = parts.ToDictionary(part => part.Name, _ => new List<(double Microseconds, double Bytes)>());
        for (var round = -Rounds; round < Rounds; round++)
        {
            foreach (var (name, run) in parts)
            {
                var (time, bytes) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true));
                for (var i = 0; i < Times; i++)
                    await run();
                if (round >= 0)
                {
                    spent[name].Add((
                        (Environment.CpuUsage.TotalTime - time).TotalMicroseconds / Times,
                        (double)(GC.GetTotalAllocatedBytes(precise: true) - bytes) / Times));
                }
            }
        }

        return spent;
    }

    private static void Tell(
        List<(string Name, Func<Task> Run)> parts, Dictionary<string, List<(double Microseconds, double Bytes)>> spent)
    {
        Console.WriteLine($"{"",-50}{"us",10}{"least us",10}{"bytes",12}");
        foreach (var (name, _) in parts)
        {
            var times = spent[name].Select(one => one.Microseconds).Order().ToList();
            var bytes = spent[name].Select(one => one.Bytes).Order().ElementAt(Rounds / 2);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name,-50}{times[Rounds / 2],10:N0}{times[0],10:N0}{bytes,12:N0}"));
        }
    }

    private static Task Priced(string text)
    {
        var (document, _) = DocumentGuard.Inspect(text);
        OperationCost.Of(document!, null, new HashSet<string>());
        return Task.CompletedTask;
    }

    private async Task RawAsync()
    {
        await using var command = services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            "select d.data from grants.mt_doc_proposal d where d.tenant_id = $1 order by d.id limit 51");
        command.Parameters.Add(new() { Value = space });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            await using var stream = reader.GetStream(0);
            stream.CopyTo(Stream.Null);
        }
    }

    private async Task StatesAsync(IDocumentStore from)
    {
        await using var session = from.QuerySession(space);
        var states = session.Query<Proposal>().Where(proposal => proposal.State != ProposalState.Draft);
        await Keysets.ById<Proposal>(proposal => proposal.Id).ReadAsync(session, states, 51, null, CancellationToken.None);
    }

    private async Task WriteAsync(ServiceProvider from, string text, GraphQLDocument document) => await from
        .GetRequiredService<IGraphQLTextSerializer>().WriteAsync(Stream.Null, await ExecuteAsync(from, text, document));

    private async Task<ExecutionResult> ExecuteAsync(ServiceProvider from, string text, GraphQLDocument document)
    {
        await using var scope = from.CreateAsyncScope();
        var result = await from.GetRequiredService<IDocumentExecuter<ISchema>>().ExecuteAsync(options =>
        {
            options.Query = text;
            (options.Document, options.ValidationRules) = (document, []);
            options.RequestServices = scope.ServiceProvider;
            options.UserContext = new RequestContext(new Client(new Space(space, "Metis"), null, "here"));
        });
        return result.Errors is null ? result : throw new InvalidOperationException(result.Errors[0].ToString());
    }

    private static ServiceProvider Services(IDocumentStore store, string connection, string space)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSpaces(new ConfigurationBuilder().Build());
        services.AddApi();
        services.AddSingleton(store);
        services.AddScoped(_ => store.QuerySession(space));
        services.AddSingleton(_ => NpgsqlDataSource.Create(connection));
        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<ISchema>().Initialize();
        return provider;
    }
}
