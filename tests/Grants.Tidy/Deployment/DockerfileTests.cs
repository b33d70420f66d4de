using Xunit;

namespace Grants.Tidy.Deployment;

public sealed class DockerfileTests
{
    private const string Rest = "\nUSER 1000\n";

    private static readonly Dockerfile Service = Dockerfile.Parse(Checkout.Read("ops/docker/Dockerfile"));

    [Fact]
    public void the_dockerfile_is_in_order() => Assert.Empty(Service.Problems(Checkout.Root));

    [Fact]
    public void it_serves_where_the_compose_file_expects_it()
    {
        var port = ComposeFile.Parse(Checkout.Read("docker-compose.yml")).List("grants", "ports").Single().Split(':')[^1];
        Assert.Equal([port], ArgumentsOf("EXPOSE"));
        Assert.Equal($"[\"--urls\", \"http://0.0.0.0:{port}\"]", string.Join(' ', ArgumentsOf("CMD")));
        Assert.Contains($"\"http://127.0.0.1:{port}/health/live\"]", ArgumentsOf("HEALTHCHECK"));
    }

    [Theory]
    [InlineData("FROM sdk" + Rest, "The image sdk has no fixed tag.")]
    [InlineData("FROM sdk:latest" + Rest, "The image sdk:latest has no fixed tag.")]
    [InlineData("FROM sdk:10.0\nCOPY src/ source/ /app" + Rest, "source/ is copied and does not exist.")]
    [InlineData("FROM sdk:10.0\nCOPY src/ \\\n  sources ./" + Rest, "sources is copied and does not exist.")]
    [InlineData("FROM sdk:10.0\nCOPY --from=build /app ./" + Rest, "There is no stage build to copy from.")]
    [InlineData("FROM sdk:10.0", "The program runs as root.")]
    [InlineData("FROM sdk:10.0\nUSER 1000\nUSER root", "The program runs as root.")]
    [InlineData("FROM sdk:10.0 AS build\nUSER 1000\nFROM build", "The program runs as root.")]
    public void a_fault_is_found(string text, string problem) => Assert.Equal([problem], Dockerfile.Parse(text).Problems(Checkout.Root));

    [Fact]
    public void a_stage_may_be_copied_from_and_built_on()
    {
        var file = Dockerfile.Parse("FROM sdk:10.0 AS build\nFROM build\nCOPY --from=build --chown=1000 /app ./" + Rest);
        Assert.Empty(file.Problems(Checkout.Root));
    }

    private static string[] ArgumentsOf(string name) => Service.Instructions.Single(instruction => instruction.Name == name).Arguments;
}
