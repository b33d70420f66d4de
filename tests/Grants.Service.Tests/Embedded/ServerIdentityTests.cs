using System.Runtime.Versioning;
using Grants.Service.Hosting.Embedded;
using Grants.Service.Hosting.Embedded.Processes;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Embedded;

public sealed class ServerIdentityTests(LocalServers local)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_identity_that_does_not_work_here_is_passed_over()
    {
        var broken = new ServerIdentity(["a-program-that-nobody-installed"], null);
        var failing = new ServerIdentity(["false"], null);
        ServerIdentity[] candidates = [broken, failing, ServerIdentity.Ourselves];
        Assert.Same(ServerIdentity.Ourselves, await ServerIdentity.ChooseAsync(["true"], candidates, Cancellation));
        var refused = await Assert.ThrowsAsync<EmbeddedServerException>(
            () => ServerIdentity.ChooseAsync(["true"], [broken, failing], Cancellation));
        Assert.Contains("a-program-that-nobody-installed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task root_runs_a_cluster_as_nobody_and_again_in_a_namespace()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can take on another user.");
        var packages = await LocalServers.PackagesAsync();
        using var world = new EmbeddedWorld(local);
        File.SetUnixFileMode(world.Data, (UnixFileMode)0b111_101_101);
        foreach (var identity in new[] { ServerIdentity.Unprivileged, ServerIdentity.Namespaced, ServerIdentity.Unprivileged })
        {
            await using var postgres = await EmbeddedPostgres.StartAsync(
                packages.PostgresPackage, world.Data, _ => { }, Cancellation, identity);
            await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync("kept", Cancellation));
            await using var command = source.CreateCommand(
                "create table if not exists runs (id int generated always as identity); insert into runs default values");
            await command.ExecuteNonQueryAsync(Cancellation);
            var owner = await Command.RunAsync(["stat", "-c", "%u", world.Cluster], null, Cancellation);
            Assert.Equal($"{identity.FileOwner}", owner.Output.Trim());
        }
    }
}
