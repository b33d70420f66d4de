using Grants.Fuzz;
using Grants.Service.Api.Documents;
using Xunit;

namespace Grants.Service.Tests.Api;

/// <summary>Every limit of the guard, just below it, at it and above it.</summary>
public sealed class DocumentGuardTests
{
    public static TheoryData<string, string, int> Limits() => new()
    {
        { "characters", "COST_EXCEEDED", DocumentGuard.LengthMax },
        { "tokens", "COST_EXCEEDED", DocumentGuard.TokensMax },
        { "fields", "COST_EXCEEDED", DocumentGuard.FieldsMax },
        { "depth", "COST_EXCEEDED", DocumentGuard.DepthMax },
        { "fragments", "COST_EXCEEDED", DocumentGuard.FragmentsMax },
        { "directives", "COST_EXCEEDED", DocumentGuard.DirectivesMax },
        { "aliases", "COST_EXCEEDED", DocumentGuard.AliasesMax },
        { "root fields", "COST_EXCEEDED", DocumentGuard.RootFieldsMax },
        { "repeats", "COST_EXCEEDED", DocumentGuard.RepeatsMax },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void a_document_may_have_as_much_as_is_allowed_and_no_more(string what, string code, int most)
    {
        Assert.Null(Refusal(Document(what, most - 1)));
        Assert.Null(Refusal(Document(what, most)));
        Assert.Equal(code, Refusal(Document(what, most + 1)));
    }

    [Theory]
    [InlineData("\r4")]
    [InlineData("")]
    [InlineData("# nothing")]
    [InlineData("query A { a } query B { b }")]
    [InlineData("fragment f on Query { a }")]
    [InlineData("{ a(b: \"\\u0000\") }")]
    [InlineData("{ a(b: \"\\u{0}\") }")]
    [InlineData("{ a(b: \"\\ud800\") }")]
    [InlineData("{ a(b: \"\\udc00\\ud800\") }")]
    [InlineData("{ a(b: \"\0\") }")]
    [InlineData("{ a(b: \"\\u{1F600}\") }")]
    [InlineData("{ a(b: \"\\u{FFFFFFFF}\") }")]
    public void what_cannot_be_read_as_one_operation_is_refused(string text) => Assert.Equal("BAD_USER_INPUT", Refusal(text));

    [Theory]
    [InlineData("{ a(b: \"\\ud83d\\ude00\") }")]
    [InlineData("{ a(b: \"\\\\u0000\") }")]
    [InlineData("{ a(b: \"한국어 😀\") }")]
    public void texts_of_any_language_pass(string text) => Assert.Null(Refusal(text));

    [Theory]
    [InlineData("{ ...a } fragment a on Query { ...a }")]
    [InlineData("{ ...a } fragment a on Query { b { ...c } } fragment c on B { ...a }")]
    public void a_fragment_that_contains_itself_is_refused(string text) => Assert.Equal("COST_EXCEEDED", Refusal(text));

    // Executed, the doubling fragments would be tens of thousands of fields; the engine's own rules take seconds for the others.
    [Theory]
    [InlineData("doubling")]
    [InlineData("directives")]
    [InlineData("repeats")]
    [InlineData("aliases")]
    [InlineData("brackets")]
    [InlineData("braces")]
    public void a_bomb_is_refused(string kind) => Assert.NotNull(Refusal(Bomb(kind)));

    [Fact]
    public void every_document_of_the_fuzzers_corpus_has_an_answer()
    {
        var corpus = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "corpus"));
        Assert.True(corpus.Length >= 18, "The corpus is there.");
        Assert.All(corpus, file => GuardTarget.Run(File.ReadAllBytes(file)));
    }

    [Fact]
    public void what_is_mixed_of_them_for_a_second_has_an_answer_too() =>
        Assert.Equal(0, Pieces.Run(Path.Combine(AppContext.BaseDirectory, "corpus"), TimeSpan.FromSeconds(1), seed: 7));

    private static string? Refusal(string text) => DocumentGuard.Inspect(text).Refusal?.Code;

    private static string Document(string what, int count) => what switch
    {
        "characters" => $"{{ a }} #{new string('x', count - 7)}",
        "tokens" => $"{{ a(b: [{Times(count - 9, "1 ")}]) }}",
        "fields" => $"{{ a {{ ...f {Times(count - 251, "b{i} ")} }} }} fragment f on A {{ {Times(250, "c{i} ")} }}",
        "depth" => $"{Times(count, "{ a ")}{Times(count, "}")}",
        "fragments" => $"{{ a }} {Times(count, "fragment f{i} on A { b } ")}",
        "directives" => $"{{ a {{ {Times(count, "b{i} @x ")} }} }}",
        "aliases" => $"{{ a {{ {Times(count, "b{i}: c ")} }} }}",
        "root fields" => $"{{ {Times(count, "a{i} ")} }}",
        "repeats" => $"{{ a {{ {Times(count, "b ")} }} }}",
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };

    private static string Bomb(string kind) => kind switch
    {
        "doubling" => $"{{ ...f0 }} {Times(15, "fragment f{i} on Q { ...f{n} ...f{n} a{i}: x } ")} fragment f15 on Q {{ "
            + $"{Times(15, "b{i}: y ")} ...f16 }}",
        "directives" => $"{{ a {Times(5_000, "@x ")} }}",
        "repeats" => $"{{ {Times(10_000, "a ")} }}",
        "aliases" => $"mutation {{ {Times(5_000, "a{i}: b ")} }}",
        "brackets" => $"{{ a(b: {Times(10_000, "[")}) }}",
        _ => Times(10_000, "{a"),
    };

    private static string Times(int count, string piece) => string.Concat(Enumerable.Range(0, count).Select(i => piece
        .Replace("{i}", $"{i}", StringComparison.Ordinal).Replace("{n}", $"{i + 1}", StringComparison.Ordinal)));
}
