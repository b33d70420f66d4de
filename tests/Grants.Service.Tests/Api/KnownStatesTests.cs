using System.Reflection;
using System.Text;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Service.Hosting.States;
using Grants.Service.Tests.Journeys;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Api;

/// <summary>A state that is not read again is the one that would have been read.</summary>
[Collection(nameof(OpenVote))]
public sealed class KnownStatesTests(OpenVote vote)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void it_is_found_by_all_of_its_bytes_and_its_type()
    {
        var known = new KnownStates();
        var (json, state) = (Json('x'), new object());
        known.Add(typeof(Proposal), json, state);
        Assert.Same(state, known.Find(typeof(Proposal), json));
        Assert.Null(known.Find(typeof(FundingProgram), json));
        Assert.Null(known.Find(typeof(Proposal), Json('y')));
        Assert.Null(known.Find(typeof(Proposal), json.AsSpan(1)));
    }

    [Fact]
    public void what_is_too_much_is_forgotten_and_what_is_too_large_is_not_kept()
    {
        var known = new KnownStates(bytesMax: 1_500);
        known.Add(typeof(Proposal), Json('x'), new object());
        known.Add(typeof(Proposal), Json('y'), new object());
        Assert.Null(known.Find(typeof(Proposal), Json('x')));
        Assert.NotNull(known.Find(typeof(Proposal), Json('y')));
        var large = new byte[KnownStates.StateBytesMax + 1];
        known.Add(typeof(Proposal), large, new object());
        Assert.Null(known.Find(typeof(Proposal), large));
    }

    [Fact]
    public async Task the_same_document_is_one_state_until_it_is_another_and_a_space_has_its_own()
    {
        var store = vote.Services.GetRequiredService<IDocumentStore>();
        var program = await ProgramAsync(store, OpenVote.Space, OpenVote.ProgramId);
        Assert.Same(program, await ProgramAsync(store, OpenVote.Space, OpenVote.ProgramId));
        foreach (var (space, name) in new[] { ("known", "One"), ("known-too", "Two"), ("known", "New") })
        {
            await using (var session = store.LightweightSession(space))
            {
                session.Store(program! with { Id = "twin", Terms = program.Terms with { Name = name } });
                await session.SaveChangesAsync(Cancellation);
            }

            Assert.Equal(name, (await ProgramAsync(store, space, "twin"))!.Terms.Name);
        }

        Assert.Equal("Two", (await ProgramAsync(store, "known-too", "twin"))!.Terms.Name);
        Assert.Equal(program, await ProgramAsync(store, OpenVote.Space, OpenVote.ProgramId));
    }

    [Fact]
    public void nothing_can_change_a_state_that_is_kept()
    {
        var seen = new HashSet<Type>();
        var left = new Queue<Type>(typeof(Proposal).Assembly.GetTypes().Where(KnownStates.Keeps));
        Assert.Equal(6, left.Count);
        while (left.TryDequeue(out var type))
        {
            if (!seen.Add(type))
                continue;
            foreach (var argument in type.GetGenericArguments())
                left.Enqueue(argument);
            if (type.Namespace?.StartsWith("Grants.", StringComparison.Ordinal) != true)
            {
                Assert.True(IsFixed(type), $"{type} can be changed.");
                continue;
            }

            foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
            {
                var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Length > 0;
                Assert.True(property.SetMethod is null or { IsPublic: false } || isInit, $"{type}.{property.Name} can be set.");
                left.Enqueue(property.PropertyType);
            }
        }
    }

    private static bool IsFixed(Type type) =>
        type.IsValueType
        || type == typeof(string)
        || type.Namespace == "System.Collections.Immutable"
        || (type.IsInterface && (type.Name.StartsWith("IReadOnly", StringComparison.Ordinal)
            || type.Name.StartsWith("IEnumerable", StringComparison.Ordinal)));

    private static async Task<FundingProgram?> ProgramAsync(IDocumentStore store, string space, string id)
    {
        await using var session = store.QuerySession(space);
        return await session.LoadAsync<FundingProgram>(id, Cancellation);
    }

    // Two of them differ in the middle alone.
    private static byte[] Json(char middle) => Encoding.UTF8.GetBytes($"{new string('a', 500)}{middle}{new string('b', 500)}");
}
