using Yagura.Engine;

namespace Yagura.Cli.Output;

/// <summary>How far the scan is, on one line of a terminal; silent where stderr is none.</summary>
internal sealed class ProgressBar : IProgress<ScanProgress>, IDisposable
{
    private const int Cells = 24;
    private const string ClearRest = "\e[K";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly bool _visible;
    private readonly TimeProvider _time;
    private readonly long _started;
    private long _shown;
    private bool _written;

    private ProgressBar(bool visible, TimeProvider time)
    {
        _visible = visible;
        _time = time;
        _started = time.GetTimestamp();
        _shown = _started;
    }

    public static ProgressBar Start(bool quiet, TimeProvider time) => new(
        !quiet && !Console.IsErrorRedirected && Terminal.Error.Profile.Capabilities is { Interactive: true, Ansi: true } && Environment.GetEnvironmentVariable("TERM") != "dumb", time);

    public void Report(ScanProgress value)
    {
        if (!_visible || _time.GetElapsedTime(_shown) < Interval) return;
        _shown = _time.GetTimestamp();
        // One line only, for a line that wraps is not overwritten by the next; the window may have changed its size.
        var text = Terminal.Cut(Describe(value, _time.GetElapsedTime(_started)), Math.Max(Cells, Console.WindowWidth - 1));
        Console.Error.Write($"\r{text}{ClearRest}");
        _written = true;
    }

    /// <summary>An estimate is given once it can be sensible: when everything is listed and a fiftieth is done.</summary>
    internal static string Describe(ScanProgress value, TimeSpan elapsed)
    {
        var done = $"{value.ObjectsDone:N0} of {value.ObjectsListed:N0} objects, {value.Records:N0} records";
        if (value.BytesListed is not { } total || total == 0) return $"{done}, {elapsed:m\\:ss}";
        var share = Math.Min(1, (double)value.BytesDone / total);
        var filled = (int)(share * Cells);
        var bar = new string('█', filled) + new string('░', Cells - filled);
        var left = share >= 0.02 ? $", about {TimeSpan.FromSeconds(elapsed.TotalSeconds * (1 - share) / share):m\\:ss} left" : "";
        return $"{bar} {share * 100:0} %  {done}{left}";
    }

    public void Dispose()
    {
        if (_written) Console.Error.Write($"\r{ClearRest}");
    }
}
