using Grants.Service.Api;
using Xunit;

namespace Grants.Service.Tests.Api;

public sealed class MutationInputTests
{
    private sealed record Before(string ClientMutationId, string Title);

    private sealed record After(string ClientMutationId, string Title, string? Subtitle) : IMutationInput;

    [Fact]
    public void an_input_is_known_again_though_it_can_say_more_since() =>
        Assert.Equal(Mutations.HashOf(new Before("key", "A")), Mutations.HashOf(new After("key", "A", null)));

    [Fact]
    public void an_input_that_says_something_else_is_another() =>
        Assert.NotEqual(Mutations.HashOf(new After("key", "A", null)), Mutations.HashOf(new After("key", "A", "B")));
}
