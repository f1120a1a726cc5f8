using System.Diagnostics;
using Npgsql;

namespace Yagura.Tests.Matching;

/// <summary>A PostgreSQL server of its own, in a folder of its own and on a socket there, for the time of one test.</summary>
internal sealed class Postgres : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("yagura-pg-").FullName;

    private Postgres()
    {
    }

    /// <summary>Starts the server; skips the calling test where the programs are missing.</summary>
    public static async Task<Postgres> Start()
    {
        var (make, control) = (Program("initdb"), Program("pg_ctl"));
        var server = new Postgres();
        // The server refuses to run as root, as which tests run in some containers.
        if (Environment.IsPrivilegedProcess) await Run("chown", "nobody", server._folder);
        var data = Path.Combine(server._folder, "data");
        await RunAsUser(make, "-D", data, "-U", "yagura", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        await RunAsUser(control, "-D", data, "-w", "-l", Path.Combine(server._folder, "log"), "-o", $"-c listen_addresses='' -c unix_socket_directories='{server._folder}' -c fsync=off -c jit=off", "start");
        return server;
    }

    /// <summary>A connection with a table <c>findings</c>.</summary>
    public async Task<NpgsqlConnection> Open()
    {
        var database = new NpgsqlConnection($"Host={_folder};Username=yagura;Database=postgres;Pooling=false");
        await database.OpenAsync();
        await using var command = new NpgsqlCommand("CREATE TABLE findings (id integer PRIMARY KEY, json jsonb NOT NULL)", database);
        await command.ExecuteNonQueryAsync();
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsUser(Program("pg_ctl"), "-D", Path.Combine(_folder, "data"), "-m", "immediate", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    // Debian keeps the server's programs out of the PATH.
    private static string Program(string name) =>
        Directory.Exists("/usr/lib/postgresql") && Directory.GetFiles("/usr/lib/postgresql", name, SearchOption.AllDirectories).Order(StringComparer.Ordinal).LastOrDefault() is { } found ? found : Counterpart.Require(name);

    private static Task RunAsUser(string program, params string[] arguments) =>
        Environment.IsPrivilegedProcess ? Run("setpriv", ["--reuid=nobody", "--clear-groups", program, .. arguments]) : Run(program, arguments);

    private static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        // Not to the end of its output, which the server that it starts keeps open.
        process.OutputDataReceived += (_, _) => { };
        var errors = new System.Text.StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (!process.HasExited) await Task.Delay(20);
        Assert.True(process.ExitCode == 0, $"{program}: {errors}");
    }
}
