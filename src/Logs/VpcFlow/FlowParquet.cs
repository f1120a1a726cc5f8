using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace Yagura.Logs.VpcFlow;

/// <summary>Reads VPC flow logs in Parquet form: each row becomes the line that the same record has in a text log with the same fields.</summary>
/// <remarks>Column names are the field names with underscores; numbers are INT_32 or INT_64, all else STRING. A row has therefore the same content,
/// and so the same identity, as its line in text. One row group is in memory at a time. Source: Amazon VPC user guide, "Flow log records".</remarks>
internal sealed class FlowParquet(FlowReader reader)
{
    private const int LongestRow = 64 << 10;
    private const string NotWhole = "not a whole Parquet file";

    private readonly byte[] _line = new byte[LongestRow];
    private readonly Lock _rows = new();
    private int _reading;

    /// <param name="content">Stands anywhere; must be able to seek.</param>
    public void Read(Stream content, ILogSink sink, CancellationToken cancel)
    {
        if (!content.CanSeek)
        {
            sink.Quarantine(new(1, "", "a Parquet file in a stream that cannot seek: it is read from its end", "PAR1"u8));
            return;
        }
        if (!ParquetFooter.IsWhole(content))
        {
            sink.Quarantine(new(1, "", NotWhole, "PAR1"u8));
            return;
        }
        content.Position = 0;
        long record = 0;
        var patience = LogLimits.ParquetPatience + TimeSpan.FromSeconds(content.Length >> 20);
        var number = ++_reading;
        // A damaged file can keep the library busy for ever, and it cannot be told to stop: it reads on a thread of its own, which is left behind then.
        var reading = Task.Run(() => ReadAsync(content, sink, number, () => ++record, cancel), CancellationToken.None);
        try
        {
            if (reading.Wait(patience, cancel)) return;
            Leave();
            sink.Quarantine(new(record + 1, "", $"a Parquet file that takes longer than {patience.TotalSeconds:0} s to read", "PAR1"u8));
        }
        catch (OperationCanceledException)
        {
            Leave();
            throw;
        }
        catch (AggregateException)
        {
            // What a damaged file makes the library throw is of many types; the rows before the damage were given.
            cancel.ThrowIfCancellationRequested();
            sink.Quarantine(new(record + 1, "", NotWhole, "PAR1"u8));
        }
    }

    // From here on nothing of that file reaches the sink.
    private void Leave()
    {
        lock (_rows) _reading++;
    }

    private async Task ReadAsync(Stream content, ILogSink sink, int number, Func<long> next, CancellationToken cancel)
    {
        await using var file = await ParquetReader.CreateAsync(content, leaveStreamOpen: true, cancellationToken: cancel);
        var fields = file.Schema.DataFields.Where(field => FlowFormat.IsKept(NameOf(field))).ToArray();
        if (FlowFormat.TryParse(string.Join(' ', fields.Select(NameOf)), out var reason) is not { } format)
        {
            sink.Quarantine(new(next(), "header", $"a Parquet file, but no flow log: {reason}", "PAR1"u8));
            return;
        }
        if (fields.FirstOrDefault(field => !IsReadable(field)) is { } unreadable)
        {
            sink.Quarantine(new(next(), NameOf(unreadable), "a column that is neither a whole number nor text", "PAR1"u8));
            return;
        }
        for (var i = 0; i < file.RowGroupCount; i++)
        {
            using var group = file.OpenRowGroupReader(i);
            if (group.RowCount > LogLimits.ParquetRowGroupRows || group.RowGroup.TotalByteSize > LogLimits.ParquetRowGroupBytes)
            {
                sink.Quarantine(new(next(), "", "a row group over the limit", "PAR1"u8));
                continue;
            }
            var columns = new Func<int, string?>[fields.Length];
            for (var column = 0; column < fields.Length; column++) columns[column] = await ColumnAsync(group, fields[column], (int)group.RowCount, cancel);
            lock (_rows)
            {
                if (_reading != number) return;
                reader.Use(format);
                for (var row = 0; row < group.RowCount; row++) ReadRow(columns, row, next(), sink);
            }
        }
    }

    private void ReadRow(Func<int, string?>[] columns, int row, long record, ILogSink sink)
    {
        var length = 0;
        foreach (var column in columns)
        {
            var text = column(row) ?? "-";
            if (Encoding.UTF8.GetMaxByteCount(text.Length) + 1 > LongestRow - length)
            {
                sink.Quarantine(new(record, "", "a row longer than 64 KiB", _line.AsSpan(0, length)));
                return;
            }
            if (length > 0) _line[length++] = (byte)' ';
            length += Encoding.UTF8.GetBytes(text, _line.AsSpan(length));
        }
        reader.ReadLine(_line.AsSpan(0, length), record, sink);
    }

    private static string NameOf(DataField field) => field.Path.ToString().Replace('_', '-');

    private static bool IsReadable(DataField field) => !field.IsArray && (IsText(field) || field.ClrType == typeof(int) || field.ClrType == typeof(long));

    private static bool IsText(DataField field) => field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);

    private static async Task<Func<int, string?>> ColumnAsync(ParquetRowGroupReader group, DataField field, int rows, CancellationToken cancel)
    {
        if (IsText(field))
        {
            var texts = new string[rows];
            await group.ReadAsync(field, texts, cancellationToken: cancel);
            return row => texts[row] is { Length: > 0 } text ? text : null;
        }
        return field.ClrType == typeof(int) ? await NumbersAsync<int>(group, field, rows, cancel) : await NumbersAsync<long>(group, field, rows, cancel);
    }

    private static async Task<Func<int, string?>> NumbersAsync<T>(ParquetRowGroupReader group, DataField field, int rows, CancellationToken cancel)
        where T : struct, IFormattable
    {
        if (field.IsNullable)
        {
            var numbers = new T?[rows];
            await group.ReadAsync<T>(field, numbers.AsMemory(), cancellationToken: cancel);
            return row => numbers[row]?.ToString(null, CultureInfo.InvariantCulture);
        }
        var all = new T[rows];
        await group.ReadAsync<T>(field, all.AsMemory(), cancellationToken: cancel);
        return row => all[row].ToString(null, CultureInfo.InvariantCulture);
    }
}
