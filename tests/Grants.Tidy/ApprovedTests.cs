using Xunit;

namespace Grants.Tidy;

public sealed class ApprovedTests
{
    [Fact]
    public void equal_texts_agree_whatever_their_line_ends() => Assert.Null(Approved.Difference("a", "one\r\ntwo\r\n\r\n", "one\ntwo"));

    [Theory]
    [InlineData("one\ntwo", "one\nthree", "line 2")]
    [InlineData("one\ntwo", "one", "actual:   (end)")]
    [InlineData("one", "one\n\ntwo", "approved: (end)")]
    [InlineData("one", "One", "line 1")]
    [InlineData(null, "one", "a is missing")]
    public void a_difference_is_told_with_what_to_do(string? approved, string actual, string told)
    {
        var difference = Approved.Difference("a", approved, actual);
        Assert.Contains(told, difference, StringComparison.Ordinal);
        Assert.Contains("ops/approve", difference, StringComparison.Ordinal);
    }

    [Fact]
    public void walking_finds_what_git_lists()
    {
        var walked = Repository.Walk(Repository.Absolute("tests/Grants.Tidy")).ToHashSet(StringComparer.Ordinal);
        var listed = Repository.Sources.Where(file => file.StartsWith("tests/Grants.Tidy/", StringComparison.Ordinal)).ToHashSet();
        Assert.NotEmpty(listed);
        Assert.Superset(listed, walked);
    }
}
