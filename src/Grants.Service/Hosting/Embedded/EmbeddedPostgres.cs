using System.Security.Cryptography;
using System.Text;
using Grants.Service.Hosting.Embedded.Processes;
using Npgsql;

namespace Grants.Service.Hosting.Embedded;

/// <summary>A PostgreSQL 18 that only this machine's user reaches: a socket in a private folder and no network.</summary>
internal sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const string Version = "18";
    private const string User = "postgres";

    // sun_path holds 108 bytes with the closing zero; the name of the socket itself takes 14 of them and a slash.
    private const int LongestSocketFolder = 107 - 15;

    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly SupervisedProcess process;
    private readonly string sockets;

    private EmbeddedPostgres(SupervisedProcess process, string sockets)
    {
        this.process = process;
        this.sockets = sockets;
    }

    public Task<string> Ended => process.Ended;

    /// <summary>Starts the server of a restored package on the cluster inside a folder that this process holds.</summary>
    public static async Task<EmbeddedPostgres> StartAsync(
        string package, string data, Action<string> report, CancellationToken cancellation, ServerIdentity? identity = null)
    {
        var binaries = PostgresBinaries.Prepare(package);
        identity ??= await ServerIdentity.ChooseAsync(binaries.Initdb, cancellation);
        var cluster = Path.Combine(data, $"pg{Version}");
        if (Directory.Exists(cluster))
            await EndLeftoversAsync(cluster, cancellation);
        else
            await InitializeAsync(binaries, identity, cluster, report, cancellation);
        await identity.OwnAsync(cluster, cancellation);
        var sockets = await MakeSocketFolderAsync(cluster, identity, cancellation);
        var process = SupervisedProcess.Start(new ServerCommand(
            ServerProgram.Postgres,
            identity.Line([binaries.Postgres, "-D", cluster, .. Settings(sockets)]),
            cluster,
            Path.Combine(data, "postgres.log")));
        var server = new EmbeddedPostgres(process, sockets);
        try
        {
            await server.AnswersAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder { Host = sockets, Username = User, Database = database }.ConnectionString;

    /// <summary>
    /// Makes the database if it is missing, and answers its connection string. Nobody may be connected to the template
    /// that it copies, so the template's connections are ended.
    /// </summary>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellation, string? template = null)
    {
        await using var connection = new NpgsqlConnection(WithoutPool(User));
        await connection.OpenAsync(cancellation);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection);
        exists.Parameters.AddWithValue(name);
        if (await exists.ExecuteScalarAsync(cancellation) is null)
        {
            if (template is not null)
            {
                await using var end = new NpgsqlCommand(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", connection);
                end.Parameters.AddWithValue(template);
                await end.ExecuteNonQueryAsync(cancellation);
            }

            var copy = template is null ? "" : $" template {Quote(template)}";
            await using var create = new NpgsqlCommand($"create database {Quote(name)}{copy}", connection);
            await create.ExecuteNonQueryAsync(cancellation);
        }

        return ConnectionString(name);
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        if (Directory.Exists(sockets))
            Directory.Delete(sockets, recursive: true);
    }

    private static IEnumerable<string> Settings(string sockets) =>
    [
        "-p", "5432", "-h", "", "-k", sockets,
        "-c", "unix_socket_permissions=0700",
        "-c", "fsync=on",
        "-c", "max_connections=300",
        "-c", "timezone=UTC",
        "-c", "log_timezone=UTC",
        "-c", "log_min_messages=warning",
        "-c", "log_checkpoints=off",
    ];

    private static async Task InitializeAsync(
        PostgresBinaries binaries, ServerIdentity identity, string cluster, Action<string> report, CancellationToken cancellation)
    {
        report($"Creating a PostgreSQL {Version} cluster in {cluster}");
        var unfinished = cluster + ".tmp";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        Directory.CreateDirectory(unfinished);
        await identity.OwnAsync(unfinished, cancellation);
        var done = await Command.RunAsync(
            identity.Line(
                binaries.Initdb, "-D", unfinished, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8", "--no-instructions", "--sync-method=syncfs"),
            null, cancellation);
        if (!done.Succeeded)
            throw new EmbeddedServerException($"initdb failed with code {done.ExitCode} in {unfinished}:\n{done.Tail}");
        Directory.Move(unfinished, cluster);
    }

    private static async Task EndLeftoversAsync(string cluster, CancellationToken cancellation)
    {
        var version = File.ReadAllText(Path.Combine(cluster, "PG_VERSION")).Trim();
        if (version != Version)
            throw new EmbeddedServerException($"{cluster} belongs to PostgreSQL {version}, not {Version}. Choose another data directory.");
        await ServerProcesses.EndAsync(ServerProgram.Postgres, cluster, cancellation);

        // The id in it may have gone to a stranger since, and PostgreSQL would take that one for a running server.
        File.Delete(Path.Combine(cluster, "postmaster.pid"));
    }

    private static async Task<string> MakeSocketFolderAsync(string cluster, ServerIdentity identity, CancellationToken cancellation)
    {
        var name = $"grants-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cluster)))[..12]}";
        var folder = Path.Combine(Path.GetTempPath(), name);
        if (Encoding.UTF8.GetByteCount(folder) > LongestSocketFolder)
            folder = Path.Combine("/tmp", name);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await identity.OwnAsync(folder, cancellation);
        return folder;
    }

    private static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private string WithoutPool(string database) =>
        new NpgsqlConnectionStringBuilder(ConnectionString(database)) { Pooling = false }.ConnectionString;

    private async Task AnswersAsync(CancellationToken cancellation)
    {
        for (var deadline = Environment.TickCount64 + (long)StartPatience.TotalMilliseconds; ;)
        {
            try
            {
                await using var connection = new NpgsqlConnection(WithoutPool(User));
                await connection.OpenAsync(cancellation);
                return;
            }
            catch (NpgsqlException notYet)
            {
                if (Ended.IsCompleted)
                    throw process.Failure("ended while it started");
                if (Environment.TickCount64 > deadline)
                    throw process.Failure($"did not answer in {StartPatience} ({notYet.Message})");
            }

            await Task.Delay(LookAgain, cancellation);
        }
    }
}
