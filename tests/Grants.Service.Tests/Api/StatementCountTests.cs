using System.Collections.Concurrent;
using System.Diagnostics;
using Grants.Domain.Disbursements;
using Grants.Domain.Governors;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Tests.Journeys;
using GraphQL;
using GraphQL.SystemTextJson;
using GraphQL.Types;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Api;

/// <summary>A page takes as many SQL statements as a longer one, with everything selected that its rows tell.</summary>
[Collection(nameof(OpenVote))]
public sealed class StatementCountTests(OpenVote vote)
{
    private const int Rows = 10;

    // Of its own, so that nothing of the running service takes these rows for its work.
    private const string Space = "pages";
    private const long ChainId = 77;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_page_of_ten_takes_as_many_statements_as_one_of_two()
    {
        await StoreAsync();
        var schema = vote.Services.GetRequiredService<ISchema>();
        schema.Initialize();
        foreach (var list in new[] { "programs", "proposals", "disbursements", "safeProposals", "governors" })
        {
            var connection = (IComplexGraphType)schema.Query.GetField(list)!.ResolvedType!.GetNamedType();
            var text = $"query ($n: Int!) {{ {list}(first: $n) {{ {SelectionOf(connection, [])} }} }}";
            await CountAsync(text, list, 1); // What is read once for all, as the key that seals cursors.
            var (few, many) = (await CountAsync(text, list, 2), await CountAsync(text, list, Rows));
            Assert.NotEmpty(few);
            Assert.True(few.Count == many.Count, $"{list}: {few.Count} for 2, {many.Count} for {Rows}:\n{string.Join('\n', many)}");
        }
    }

    [Theory]
    [InlineData("programs", 2)]
    [InlineData("proposals", 2)]
    [InlineData("awards", 0)]
    [InlineData("disbursements", 2)]
    [InlineData("safeProposals", 2)]
    [InlineData("governors", 2)]
    public async Task the_whole_list_is_counted_by_one_statement_where_it_is_selected(string list, int rows)
    {
        const string Edges = "edges { node { __typename } }";
        await StoreAsync();
        await CountAsync($"query ($n: Int!) {{ {list}(first: $n) {{ {Edges} }} }}", list, 2, rows);
        var without = await CountAsync($"query ($n: Int!) {{ {list}(first: $n) {{ {Edges} }} }}", list, 2, rows);
        var with = await CountAsync($"query ($n: Int!) {{ {list}(first: $n) {{ {Edges} totalCount }} }}", list, 2, rows);
        Assert.Equal(without.Count + 1, with.Count);
    }

    private async Task<IReadOnlyCollection<string>> CountAsync(string text, string list, int first, int? rows = null)
    {
        using var page = new Activity("page").Start();
        var statements = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = done =>
            {
                if (done.TraceId == page.TraceId && (done.GetTagItem("db.query.text") ?? done.GetTagItem("db.statement")) is string sql)
                    statements.Enqueue(sql);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var scope = vote.Services.GetRequiredService<IServiceScopeFactory>().CreateSpaceScope(Space);
        var result = await vote.Services.GetRequiredService<IDocumentExecuter<ISchema>>().ExecuteAsync(options =>
        {
            options.Query = text;
            options.Variables = new Inputs(new Dictionary<string, object?> { ["n"] = first });
            options.RequestServices = scope.ServiceProvider;
            options.UserContext = new RequestContext(new Client(new Space(Space, "Pages"), null, "here"));
            options.CancellationToken = Cancellation;
        });
        var told = new GraphQLSerializer().Serialize(result);
        Assert.True(result.Errors is null, told);
        using var json = System.Text.Json.JsonDocument.Parse(told);
        Assert.Equal(rows ?? first, json.RootElement.GetProperty("data").GetProperty(list).GetProperty("edges").GetArrayLength());
        return statements;
    }

    // Every field that needs no argument, down to where a type would hold itself.
    private static string SelectionOf(IComplexGraphType type, string[] above) => string.Join(' ', type.Fields
        .Where(field => field.Arguments is null || field.Arguments.All(argument => argument.ResolvedType is not NonNullGraphType))
        .Select(field => (field.Name, Type: field.ResolvedType!.GetNamedType()))
        .Where(field => field.Type is not IComplexGraphType inner || !above.Contains(inner.Name))
        .Select(field => field.Type is IComplexGraphType inner
            ? $"{field.Name} {{ {SelectionOf(inner, [.. above, type.Name])} }}"
            : field.Name));

    private async Task StoreAsync()
    {
        var store = vote.Services.GetRequiredService<IDocumentStore>();
        await using var metis = store.QuerySession(OpenVote.Space);
        var program = (await metis.LoadAsync<FundingProgram>(OpenVote.ProgramId, Cancellation))!;
        var proposal = await metis.Query<Proposal>().FirstAsync(one => one.ProgramId == OpenVote.ProgramId, Cancellation);
        await using var pages = store.LightweightSession(Space);
        await using var treasury = store.LightweightSession(Spaces.Deployment);
        foreach (var i in Enumerable.Range(1, Rows))
        {
            pages.Store(program with { Id = $"program-{i}" });
            pages.Store(proposal with { Id = $"proposal/{i}" });
            StorePayment(pages, treasury, i);
            pages.Store(GovernorOf(Account(i)));
        }

        await pages.SaveChangesAsync(Cancellation);
        await treasury.SaveChangesAsync(Cancellation);
    }

    private static void StorePayment(IDocumentSession pages, IDocumentSession treasury, int i)
    {
        var (id, account, none) = (Keccak256.Hash($"order {i}"), Account(i), default(Hash32));
        var order = new TreasuryOrder(
            id, TreasuryOrderKind.Release, ChainId, account, none, 1, account, account, UInt256.One, null);
        pages.Store(new Disbursement(Disbursement.StreamId(id), order, DisbursementState.Assigned, [])
        {
            Nonces = [new(account, 1), new(account, 2)],
        });
        var attempt = new SignedAttempt(account, 2, id, "0x", UInt256.One, UInt256.One, 1);
        treasury.Store(new TreasuryTransaction(
            TreasuryTransaction.StreamId(ChainId, account, 2), ChainId, account, 2, [id], TransactionState.Closed, [attempt]));
        pages.Store(new SafeProposal(
            SafeProposal.StreamId(ChainId, account, 1),
            ChainId,
            account,
            1,
            [id],
            account,
            "0x",
            id,
            1,
            DateTimeOffset.UnixEpoch,
            SafeProposalState.Replaced));
    }

    private static Governor GovernorOf(Address account)
    {
        var (one, block) = (UInt256.One, new BlockRef(1, default, 1));
        var settings = new GovernorSettings(one, one, one, one, one);
        return new Governor(
            Governor.StreamId(ChainId, account),
            new GovernorRegistered(
                ChainId, account, "g", account, default, new VoteCounting(default, true), default, account, 1, one, one, null, settings,
                new KnownSupply(1, one), 1, block, account, DateTimeOffset.UnixEpoch),
            account,
            1,
            new Checkpoints(one, []),
            null,
            settings);
    }

    private static Address Account(int i) => new([.. new byte[19], (byte)i]);
}
