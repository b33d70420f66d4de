using Grants.Domain;
using Grants.Service.Api;
using Grants.Service.Api.Errors;
using Xunit;

namespace Grants.Tidy.Schema;

/// <summary>The codes that a client can meet are a file that is written from the code.</summary>
public sealed class ErrorTableTests
{
    private const string Head = """
        # What a client can be refused with

        Written from the code; `ops/approve` writes it anew. Codes never change their meaning. Messages are for people, in English, or in
        Korean where `Accept-Language` asks for it and the service has one; the samples stand for what a message holds.

        ## Errors of the request

        In `errors[].extensions.code`: the request was not understood, or not executed.

        | code | meaning |
        |---|---|

        """;

    private const string Middle = """

        ## Refusals of a mutation

        In `userErrors[].code`: the request was understood, and nothing was written.

        | code | message, with samples for what is in it | in Korean |
        |---|---|---|

        """;

    [Fact]
    public void every_code_is_in_the_file() => Approved.Matches(
        "schema/graphql/errors.md",
        Head
        + string.Concat(ProtocolErrors.All.OrderBy(error => error.Key, StringComparer.Ordinal)
            .Select(error => $"| `{error.Key}` | {error.Value} |\n"))
        + Middle
        + string.Concat(Refusals().Select(refusal => $"| `{refusal.Code}` | {Cell(refusal.Message)} | {Korean(refusal.Code)} |\n")));

    [Fact]
    public void no_two_refusals_have_one_code()
    {
        var twice = Refusals().GroupBy(refusal => refusal.Code).Where(same => same.Count() > 1).Select(same => same.Key);
        Assert.Empty(twice);
    }

    [Fact]
    public void every_code_has_a_message_in_korean() => Assert.Empty(
        ProtocolErrors.All.Keys.Concat(Refusals().Select(refusal => refusal.Code)).Except(Messages.CodesInKorean));

    [Fact]
    public void every_message_in_another_language_is_of_a_code() => Assert.Empty(
        Messages.CodesInKorean.Except(ProtocolErrors.All.Keys.Concat(Refusals().Select(refusal => refusal.Code))));

    private static List<Rejection> Refusals() =>
    [
        .. new[] { typeof(Rejection).Assembly, typeof(ProtocolError).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(Rejection)) && !type.IsAbstract && type.IsVisible)
            .Select(type => (Rejection)Samples.Of(type))
            .OrderBy(refusal => refusal.Code, StringComparer.Ordinal),
    ];

    private static string Korean(string code) =>
        Messages.CodesInKorean.Contains(code) ? Messages.Of(Messages.Korean, code, string.Empty).Replace(" ()", string.Empty) : "-";

    private static string Cell(string message) => message.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
}
