using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Xunit;

namespace Grants.Ethereum.Tests.Oracles;

/// <summary>Other implementations in one process of node, which is asked for many cases at once.</summary>
internal sealed class Oracle : IAsyncDisposable
{
    private const int DefaultCases = 10_000;
    private const int BatchSize = 250;

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    private readonly Process node;

    private Oracle(Process node) => this.node = node;

    /// <summary>Cases of a test. GRANTS_ORACLE_CASES sets fewer for a quick run, or more.</summary>
    private static int Cases => Environment.GetEnvironmentVariable("GRANTS_ORACLE_CASES") is { Length: > 0 } count
        ? int.Parse(count, NumberStyles.None, CultureInfo.InvariantCulture)
        : DefaultCases;

    /// <summary>
    /// Draws cases, each from a random generator seeded by its number, asks about each of them and checks the answers.
    /// </summary>
    public static async Task CompareAsync<T>(
        Func<Random, T> draw, Func<T, object> request, Action<T, Answer> check, int shareOfCases = 1)
    {
        await using var oracle = new Oracle(await OraclePackages.StartAsync("oracle.mjs"));
        foreach (var batch in Enumerable.Range(0, Cases / shareOfCases).Chunk(BatchSize))
        {
            var cases = batch.Select(number => draw(new Random(number))).ToArray();
            var answers = await oracle.AskAsync(cases.Select(request));
            for (var i = 0; i < cases.Length; i++)
            {
                var failure = Record.Exception(() => check(cases[i], new Answer(answers[i])));
                Assert.True(
                    failure is null,
                    $"Case {batch[i]}: {failure?.Message}\n{JsonSerializer.Serialize(request(cases[i]), Plain)}\n{answers[i]}");
            }
        }
    }

    /// <summary>Asks one question.</summary>
    public static async Task<Answer> AskOneAsync(object request)
    {
        await using var oracle = new Oracle(await OraclePackages.StartAsync("oracle.mjs"));
        return new Answer((await oracle.AskAsync([request]))[0]);
    }

    public static JsonElement Json(object value) => JsonSerializer.SerializeToElement(value, Plain);

    public async ValueTask DisposeAsync()
    {
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        node.Dispose();
    }

    private async Task<IReadOnlyList<JsonElement>> AskAsync(IEnumerable<object> requests)
    {
        var lines = requests.Select(request => JsonSerializer.Serialize(request, Plain)).ToArray();
        var writing = Task.Run(async () =>
        {
            foreach (var line in lines)
                await node.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
            await node.StandardInput.BaseStream.FlushAsync();
        });
        var answers = new List<JsonElement>();
        while (answers.Count < lines.Length)
        {
            var answer = await node.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The oracle ended.");
            answers.Add(JsonElement.Parse(answer));
        }

        await writing;
        return answers;
    }

    /// <summary>What each implementation said.</summary>
    internal readonly struct Answer(JsonElement answer)
    {
        /// <summary>The value that an implementation gave. A refusal fails the test.</summary>
        public JsonElement Of(string implementation)
        {
            var said = answer.GetProperty(implementation);
            return said.TryGetProperty("value", out var value)
                ? value
                : throw new InvalidOperationException($"{implementation} refuses: {said.GetProperty("error").GetString()}");
        }

        public bool IsRefusal(string implementation) => answer.GetProperty(implementation).TryGetProperty("error", out _);

        public void MustBe(string expected, params string[] implementations)
        {
            foreach (var implementation in implementations)
                Assert.Equal((implementation, expected), (implementation, Of(implementation).GetString()));
        }

        public void MustBe(JsonElement expected, params string[] implementations)
        {
            foreach (var implementation in implementations)
            {
                var said = Of(implementation);
                Assert.True(JsonElement.DeepEquals(expected, said), $"{implementation} says {said} instead of {expected}.");
            }
        }
    }
}
