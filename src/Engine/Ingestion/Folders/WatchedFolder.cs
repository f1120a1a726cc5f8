using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Yagura.Core.Collection;
using Yagura.Core.Ports;

namespace Yagura.Engine.Ingestion.Folders;

/// <param name="Path">Everything in it and below is read, except hidden files and those whose names end in <c>.tmp</c> or <c>.part</c>.</param>
public sealed record FolderOptions(string Path)
{
    /// <summary>Time between two listings, which find what the system did not tell of; default a minute.</summary>
    public TimeSpan Relist { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a file must not have changed to be read, where nothing tells that its writer closed it; default 10 s.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>A folder that log files are written or moved into. A file is delivered as soon as its writer closes it or it is moved there, and again
/// when it changes.</summary>
public sealed class WatchedFolder : ILogSource
{
    /// <summary>Most files that the system told of and that are not yet looked at; when there are more, the folder is listed.</summary>
    private const int MostSeen = 10_000;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly FolderOptions _options;
    private readonly ISettledObjects _settled;
    private readonly TimeProvider _time;
    private readonly Retries _retries;
    private readonly SourceTally _tally;
    private readonly LocalObjects _files = new([]);
    private readonly Channel<(string Path, bool Whole)> _seen =
        Channel.CreateBounded<(string, bool)>(new BoundedChannelOptions(MostSeen) { SingleReader = true, SingleWriter = false });
    private readonly HashSet<string> _growing = new(StringComparer.Ordinal); // until they are closed, or quiet
    private int _lost;
    private string? _watchProblem;

    public WatchedFolder(FolderOptions options, ISettledObjects settled, TimeProvider time)
    {
        _options = options with { Path = Path.GetFullPath(options.Path) };
        (_settled, _time, _retries, _tally) = (settled, time, new(time), new(time));
    }

    public string Name => $"folder:{_options.Path}";

    public SourceStatus Status
    {
        get
        {
            var (failing, givenUp) = _retries.Counts;
            return _tally.Status(failing, givenUp);
        }
    }

    public async IAsyncEnumerable<ILogDelivery> Deliveries([EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var watching = new FolderEvents(Seen, Lost).Watch(_options.Path);
        var nextListing = _time.GetUtcNow();
        var nextTick = nextListing;
        while (true)
        {
            if (_time.GetUtcNow() >= nextListing || Interlocked.Exchange(ref _lost, 0) == 1)
            {
                // What arrives meanwhile does not wait for the end of a long listing.
                foreach (var chunk in Listed().Chunk(ISettledObjects.MostAtOnce))
                    foreach (var files in (IEnumerable<FileInfo>[])[Arrived(), chunk])
                        foreach (var delivery in await Offer(files, cancel)) yield return delivery;
                _retries.Forget();
                nextListing = _time.GetUtcNow() + _options.Relist;
            }
            foreach (var delivery in await Offer(Arrived(), cancel)) yield return delivery;
            if (_time.GetUtcNow() >= nextTick)
            {
                foreach (var delivery in await Offer(Rested(), cancel)) yield return delivery;
                nextTick = _time.GetUtcNow() + Tick;
            }
            await Wait(cancel);
        }
    }

    private void Seen(string path, bool whole)
    {
        if (!_seen.Writer.TryWrite((path, whole))) Interlocked.Exchange(ref _lost, 1);
    }

    private void Lost(string? reason)
    {
        if (reason is not null) _watchProblem = reason;
        Interlocked.Exchange(ref _lost, 1);
    }

    private async Task Wait(CancellationToken cancel)
    {
        try
        {
            await _seen.Reader.WaitToReadAsync(cancel).AsTask().WaitAsync(Tick, _time, cancel);
        }
        catch (TimeoutException)
        {
            // Time to look at growing files, or for a listing.
        }
    }

    private IEnumerable<FileInfo> Listed()
    {
        string? problem = null;
        foreach (var entry in FolderWalk.Entries(_options.Path, reason => problem = reason))
            if (entry is FileInfo file && !_growing.Contains(file.FullName) && IsQuiet(file)) yield return file;
        _tally.Trouble(problem ?? _watchProblem);
    }

    /// <summary>Files that are whole, of those that the system told of since and of those that were growing.</summary>
    private List<FileInfo> Arrived()
    {
        var whole = new List<FileInfo>();
        while (whole.Count < ISettledObjects.MostAtOnce && _seen.Reader.TryRead(out var seen))
        {
            if (FolderWalk.IsLeftOut(Path.GetFileName(seen.Path.AsSpan()))) continue;
            if (seen.Whole)
            {
                _growing.Remove(seen.Path);
                whole.Add(new(seen.Path));
            }
            else if (_growing.Count < MostSeen) _growing.Add(seen.Path);
        }
        return whole;
    }

    /// <summary>Growing files that have come to rest, or are gone.</summary>
    private List<FileInfo> Rested()
    {
        var rested = _growing.Select(path => new FileInfo(path)).Where(file => !file.Exists || IsQuiet(file)).Take(ISettledObjects.MostAtOnce).ToList();
        foreach (var file in rested) _growing.Remove(file.FullName);
        return rested;
    }

    private bool IsQuiet(FileInfo file) => _time.GetUtcNow() - Written(file) >= _options.Quiet;

    private async Task<IReadOnlyList<ILogDelivery>> Offer(IEnumerable<FileInfo> files, CancellationToken cancel)
    {
        try
        {
            var fresh = await _retries.Fresh(files.Where(file => file is { Exists: true, Length: > 0 }).Select(Refer), _settled, cancel);
            return [.. fresh.Select(file => new ListedDelivery(file, _files.Open, _retries, _tally))];
        }
        catch (IOException error)
        {
            _tally.Trouble(error.Message);
            await Task.Delay(Tick, _time, cancel);
            Interlocked.Exchange(ref _lost, 1); // the next listing finds them
            return [];
        }
    }

    private static LogObjectReference Refer(FileInfo file) => new(file.FullName, file.Length, $"{file.Length}-{Written(file).UtcTicks}", Written(file));

    private static DateTimeOffset Written(FileInfo file) => new(file.LastWriteTimeUtc);
}
