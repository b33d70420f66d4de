using System.Text.Json.Nodes;
using Grants.Primitives;
using Spectre.Console;

namespace Grants.Service.Demo;

/// <summary>Where the story is played: the people's clients, the chain, and what the audience sees.</summary>
public sealed class Stage(HttpClient http, Devnet chain, IAnsiConsole console)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public Devnet Chain => chain;

    /// <summary>Somebody who is not signed in.</summary>
    public ApiClient Public { get; } = new(http);

    public async Task<ApiClient> SignInAsync(Person person, CancellationToken cancellation)
    {
        var client = new ApiClient(http);
        await client.SignInAsync(person.Key, cancellation);
        return client;
    }

    public void Step(int number, string title) =>
        console.Write(new Rule($"[bold]{number}. {Markup.Escape(title)}[/]") { Justification = Justify.Left });

    public void Say(string line) => console.MarkupLine($"   {Markup.Escape(line)}");

    public void Done(string line) => console.MarkupLine($"   [green]✓[/] {Markup.Escape(line)}");

    /// <summary>
    /// Lets the chain go on, a block at a time, until the API shows what is waited for.
    /// </summary>
    /// <exception cref="DemoException">It never does.</exception>
    public async Task<JsonNode> UntilAsync(
        string what, Func<Task<JsonNode?>> look, Func<JsonNode, bool> isSo, CancellationToken cancellation, bool mining = true)
    {
        var started = DateTimeOffset.UtcNow;
        JsonNode? seen = null;
        while (DateTimeOffset.UtcNow - started < Patience)
        {
            seen = await look();
            if (seen is not null && isSo(seen))
                return seen;
            if (mining)
                await chain.MineAsync(1, cancellation);
            await Task.Delay(200, cancellation);
        }

        throw new DemoException($"Waited in vain until {what}. Last seen: {seen?.ToJsonString() ?? "nothing"}");
    }

    /// <summary>Whole tokens, for the audience.</summary>
    public static string Tokens(string baseUnits) => $"{(UInt256.Parse(baseUnits) / Scene.One).ToBigInteger():N0} METIS";
}
