using Yagura.Engine;

namespace Yagura.Server;

/// <summary>How a server is set up.</summary>
/// <param name="Data">The data directory: everything that has to outlast the process is in it.</param>
/// <param name="Urls">Where the API listens; a port of 0 takes a free one.</param>
/// <param name="Sources">What logs arrive from.</param>
/// <param name="Scan">What is asked of the logs, and what is known; without a state folder, which lies in the data directory.</param>
public sealed record ServerOptions(string Data, IReadOnlyList<string> Urls, IReadOnlyList<SourceText> Sources, ScanOptions Scan)
{
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>The account that gets health findings whose account is unknown, 12 digits.</summary>
    public string Account { get; init; } = "000000000000";

    /// <summary>How long findings are kept after their last update; null for ever. GuardDuty keeps them for 90 days.</summary>
    public TimeSpan? FindingRetention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long the ledger remembers single objects; their hours stay. Longer than any source lists again.</summary>
    public TimeSpan LedgerRetention { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Time between two listings of a bucket; null for the usual.</summary>
    public TimeSpan? ListEvery { get; init; }

    /// <summary>The folder that lists in files may lie in; null for none.</summary>
    public string? ListFolder { get; init; }

    /// <summary>Whether lists may be fetched from addresses inside.</summary>
    public bool AllowPrivateLists { get; init; }

    /// <summary>Whether plain HTTP may be spoken beyond the loopback address.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>A certificate with its chain and its key, PEM; null where there is no https.</summary>
    public (string Certificate, string Key)? Tls { get; init; }

    /// <summary>The folder of the engine's state.</summary>
    public string StateFolder => Path.Combine(Data, "state");
}
