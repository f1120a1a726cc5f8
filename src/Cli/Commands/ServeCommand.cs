using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Yagura.Core.Ports;
using Yagura.Engine.State;
using Yagura.Server;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura serve</c>: collection, detection and the API, until it is told to stop.</summary>
internal sealed class ServeCommand
{
    private enum LogFormat { Text, Json }

    private readonly ScanInputs _inputs = new();
    private readonly Option<string[]> _sources = new("--source")
    {
        Description = "What logs arrive from: a folder, s3://bucket/prefix, or sqs:URL; behind it role=, external-id=, region=, since=, buckets= (repeatable).", HelpName = "SOURCE", AllowMultipleArgumentsPerToken = false,
    };
    private readonly Option<string[]> _urls = new("--urls") { Description = $"Where the API listens; default {ServerOptions.DefaultUrl} (repeatable).", HelpName = "URL", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string> _account = new("--account") { Description = "The account that findings about Yagura's own health belong to where no other is known.", HelpName = "ID", DefaultValueFactory = _ => "000000000000" };
    private readonly Option<string> _retention = new("--finding-retention") { Description = "Days that findings are kept after their last update, or forever.", HelpName = "DAYS", DefaultValueFactory = _ => "90" };
    private readonly Option<int?> _listEvery = new("--list-every") { Description = "Seconds between two listings of a bucket; default 60.", HelpName = "SECONDS" };
    private readonly Option<string?> _listFolder = new("--list-folder") { Description = "Folder that lists at file: locations may lie in; default the folder lists-in of the data directory.", HelpName = "DIR" };
    private readonly Option<bool> _privateLists = new("--allow-private-lists") { Description = "Fetch lists also from addresses inside." };
    private readonly Option<bool> _plainHttp = new("--allow-plain-http") { Description = "Speak http without TLS beyond this machine." };
    private readonly Option<string?> _certificate = new("--tls-certificate") { Description = "Certificate with its chain, PEM, for https URLs.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--tls-key") { Description = "The certificate's key, PEM.", HelpName = "FILE" };
    private readonly Option<LogFormat> _logFormat = Choice.OrFirst<LogFormat>("--log-format", "How the log is written, on stderr.");
    private readonly Option<string> _data = DataDirectory.Option();

    public static Command Create()
    {
        var serve = new ServeCommand();
        var command = new Command("serve", "Watch: collect logs, find threats, and answer GuardDuty's API, until it is told to stop.")
        {
            serve._data, serve._urls, serve._sources, serve._account, serve._retention, serve._listEvery, serve._listFolder, serve._privateLists, serve._plainHttp, serve._certificate, serve._key, serve._logFormat,
        };
        foreach (var option in serve._inputs.Options) command.Add(option);
        command.SetAction((parsed, cancel) => serve.Run(command, parsed, cancel));
        return command;
    }

    private async Task<int> Run(Command command, ParseResult given, CancellationToken cancel)
    {
        var more = Settings.Complete(command, given, Path.Combine(given.GetRequiredValue(_data), Settings.FileName), Environment.GetEnvironmentVariables());
        var parsed = command.Parse([.. given.Tokens.Select(token => token.Value).SkipWhile(token => token != command.Name).Skip(1), .. more]);
        if (parsed.Errors.Count > 0) throw new UserError(string.Join('\n', parsed.Errors.Select(error => error.Message)));
        var options = await Options(parsed, cancel);
        YaguraServer server;
        try
        {
            server = await YaguraServer.Start(options, TimeProvider.System, log => Log(log, parsed.GetValue(_logFormat)), cancel);
        }
        catch (FormatException e)
        {
            throw new UserError(e.Message);
        }
        catch (Exception e) when (e is StorageException or StateException)
        {
            throw new UserError(e.Message, ExitCodes.Failed);
        }
        await using (server)
        {
            foreach (var url in server.Urls) Console.Error.WriteLine($"Yagura listens on {url}");
            Console.Error.WriteLine(options.Sources.Count == 0 ? "Logs come from nowhere yet: --source names a folder, a bucket or a queue."
                : $"Logs come from {string.Join(", ", options.Sources)}");
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
            {
                context.Cancel = true;
                stop.Cancel();
            });
            await server.Wait(stop.Token);
        }
        return server.Failure is { } failure ? throw new UserError($"stopped: {failure}", ExitCodes.Failed) : ExitCodes.Done;
    }

    private async Task<ServerOptions> Options(ParseResult parsed, CancellationToken cancel)
    {
        var mistakes = new List<string>();
        var sources = new List<SourceText>();
        foreach (var text in parsed.GetValue(_sources) ?? [])
        {
            try
            {
                sources.Add(SourceText.Parse(text));
            }
            catch (FormatException e)
            {
                mistakes.Add($"--source {text}: {e.Message}");
            }
        }
        foreach (var twice in sources.GroupBy(source => source.Place, StringComparer.Ordinal).Where(same => same.Count() > 1)) mistakes.Add($"--source {twice.Key} is given twice");
        var account = parsed.GetRequiredValue(_account);
        if (account.Length != 12 || !account.All(char.IsAsciiDigit)) mistakes.Add($"--account {account}: an account has 12 digits");
        TimeSpan? retention = null;
        if (parsed.GetRequiredValue(_retention) is not "forever" and var days)
        {
            if (int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 36_500) retention = TimeSpan.FromDays(number);
            else mistakes.Add($"--finding-retention {days}: write a number of days, or forever");
        }
        if (parsed.GetValue(_listEvery) is < 1) mistakes.Add("--list-every: at least 1 second");
        var (certificate, key) = (parsed.GetValue(_certificate), parsed.GetValue(_key));
        if (certificate is null != key is null) mistakes.Add("--tls-certificate and --tls-key belong together");
        if (mistakes.Count > 0) throw new UserError(string.Join('\n', mistakes));
        var loaded = await _inputs.Load(parsed, TimeProvider.System, cancel);
        var data = parsed.GetRequiredValue(_data);
        return new(data, parsed.GetValue(_urls) is { Length: > 0 } urls ? urls : [ServerOptions.DefaultUrl], sources, loaded.Options)
        {
            Account = account, FindingRetention = retention, ListEvery = parsed.GetValue(_listEvery) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            ListFolder = parsed.GetValue(_listFolder) ?? Path.Combine(data, "lists-in"), AllowPrivateLists = parsed.GetValue(_privateLists), AllowPlainHttp = parsed.GetValue(_plainHttp),
            Tls = certificate is not null ? (certificate, key!) : null,
        };
    }

    private static void Log(ILoggingBuilder log, LogFormat format)
    {
        log.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
        if (format == LogFormat.Json) log.AddJsonConsole(console => console.UseUtcTimestamp = true);
        else log.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "yyyy-MM-ddTHH:mm:ssZ ", true));
        log.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
