using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Yagura.Detectors;
using Yagura.Engine.Baselines;
using Yagura.Engine.Findings;
using Yagura.Engine.Ledger;
using Yagura.Engine.Reading;

namespace Yagura.Engine.State;

/// <summary>The engine's state on disk: a snapshot, and one appended line per object since.</summary>
/// <remarks>
/// <para>A line holds everything an object does (its mark, its ledger entry, its occurrences, its steps), so an object is applied whole or not at all.
/// It begins with the CRC-32 of the rest: a last line torn by a crash is recognised and dropped, and its object is read again. A damaged line with
/// others after it is no crash of ours, and refused.</para>
/// <para>The format is specified in docs/formats/state.md.</para>
/// </remarks>
public sealed class Journal : IDisposable
{
    /// <summary>Of snapshot and lines; another one was written by another version.</summary>
    private const int Format = 3;

    private const string SnapshotFile = "snapshot.json";
    private const string ImportedFile = "imported.bin";
    private const string LockFile = "lock";
    private const int ChecksumLength = 8;

    private readonly string _folder;
    private readonly EngineState _state;
    private readonly FileStream? _lock;
    private readonly int _objectsPerSnapshot;
    private FileStream? _file;
    private readonly List<ObjectResult> _lines = [];
    private int _sinceSnapshot;
    private long _generation, _snapshotBytes;

    private Journal(string folder, EngineState state, FileStream? exclusive, int objectsPerSnapshot)
    {
        _objectsPerSnapshot = objectsPerSnapshot;
        _folder = folder;
        _state = state;
        _lock = exclusive;
    }

    /// <summary>Opens or creates the state in a folder, and brings <paramref name="state"/>, which must be new, to where it was.</summary>
    /// <param name="objectsPerSnapshot">Objects after which a snapshot replaces the journal so far.</param>
    /// <exception cref="IOException">The folder cannot be used, or another process uses it.</exception>
    /// <param name="now">Records from after it do not count as the newest seen.</param>
    /// <exception cref="InvalidDataException">The snapshot or the journal is damaged; nothing was changed.</exception>
    public static Journal Open(string folder, EngineState state, int objectsPerSnapshot, DateTimeOffset now)
    {
        Directory.CreateDirectory(folder);
        var exclusive = new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var journal = new Journal(folder, state, exclusive, objectsPerSnapshot);
        try
        {
            state.Tell(now);
            journal.Recover();
            state.Begin(now);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Adds baselines that were learnt elsewhere to those of a folder.</summary>
    /// <param name="now">What says that it is later is not believed.</param>
    /// <exception cref="StateException">The folder cannot be used, or another process uses it.</exception>
    public static void Import(string folder, Behaviour learnt, DateTimeOffset now) => StateException.Guard(() =>
    {
        using var journal = Open(folder, Empty(), int.MaxValue, now);
        var imported = Empty();
        imported.Tell(now);
        imported.Merge(learnt);
        if (File.Exists(journal.ImportedPath))
        {
            using var earlier = File.OpenRead(journal.ImportedPath);
            imported.Merge(BaselineFile.Load(earlier));
        }
        var temporary = journal.ImportedPath + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            BaselineFile.Save(imported.Behaviour, file);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, journal.ImportedPath, overwrite: true);
        return true;
    });

    /// <summary>The baselines of a folder, in which nothing is made or changed.</summary>
    /// <param name="now">As of <see cref="Import"/>.</param>
    /// <exception cref="StateException">The folder holds no state or cannot be read, or another process writes it.</exception>
    public static Behaviour Baselines(string folder, DateTimeOffset now) => StateException.Guard(() =>
    {
        var state = Empty();
        using var shared = Path.Combine(folder, LockFile) is var path && File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read) : null;
        if (!HasState(folder)) throw new DirectoryNotFoundException("the folder holds no state of `yagura scan --state`");
        var journal = new Journal(folder, state, shared, int.MaxValue);
        state.Tell(now);
        journal.Load();
        using (var lines = File.Exists(journal.JournalPath) ? File.OpenRead(journal.JournalPath) : Stream.Null) journal.Replay(lines);
        return state.Behaviour;
    });

    private static EngineState Empty() => new(DetectorSet.Default, Knowledge.Nothing, reading: "");

    /// <inheritdoc cref="Commit(IReadOnlyList{ObjectResult})"/>
    public ObjectEntry Commit(ObjectResult result) => Commit([result])[0];

    /// <summary>Makes the effects of objects durable, then applies them: all of them, or none where it throws.</summary>
    /// <returns>The ledger entries as they became.</returns>
    /// <exception cref="IOException">They cannot be written now; the same objects may be committed again.</exception>
    public IReadOnlyList<ObjectEntry> Commit(IReadOnlyList<ObjectResult> results)
    {
        var (believed, marks) = (results.ToArray(), new HashSet<UInt128>());
        for (var i = 0; i < believed.Length; i++)
        {
            if (!_state.IsNew(believed[i].Entry) || !marks.Add(_state.MarkOf(believed[i].Entry))) continue;
            believed[i] = believed[i] with { Acts = _state.Believed(believed[i].Acts) };
            _lines.Add(believed[i]);
        }
        Append(_lines);
        _sinceSnapshot += _lines.Count;
        _lines.Clear();
        return [.. believed.Select(_state.Commit)];
    }

    private void Append(List<ObjectResult> results)
    {
        if (results.Count == 0) return;
        var file = _file!;
        var whole = file.Position;
        try
        {
            foreach (var result in results)
            {
                var json = JsonSerializer.SerializeToUtf8Bytes(LineOf(result) with { Synced = whole }, StateJson.Of<Line>());
                file.Write(Encoding.ASCII.GetBytes(Checksum(json)));
                file.WriteByte((byte)' ');
                file.Write(json);
                file.WriteByte((byte)'\n');
            }
            file.Flush(flushToDisk: true);
        }
        catch
        {
            results.Clear();
            Cut(whole);
            throw;
        }
    }

    // What was buffered may still be tried to be written: the file is opened anew, without it.
    private void Cut(long whole)
    {
        try
        {
            _file!.Dispose();
        }
        catch (IOException)
        {
            // It could not be written the second time either.
        }
        _file = new FileStream(JournalPath, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        _file.SetLength(whole);
        _file.Position = whole;
    }

    private Line LineOf(ObjectResult result) => new(
        Format, _state.MarkOf(result.Entry), result.Entry, [.. result.Findings.Select(f => new KeyedFinding(f.Key, f.Value))], [.. result.Steps.Select(Store)], [.. result.Instances],
        _state.NewOf(result.Trials).ToList() is { Count: > 0 } trials ? trials : null, StoredActs.Of(result.Acts));

    /// <summary>Whether so much was committed since the last snapshot that a new one is due: so many objects, and as many bytes as the snapshot has, so that all
    /// snapshots together take no longer than the journal does.</summary>
    public bool IsSnapshotDue => _sinceSnapshot >= _objectsPerSnapshot && _file!.Position >= _snapshotBytes;

    /// <summary>Objects in the journal, which the next start has to apply again.</summary>
    public int SinceSnapshot => _sinceSnapshot;

    private static bool HasState(string folder) => Directory.Exists(folder)
        && (File.Exists(Path.Combine(folder, SnapshotFile)) || File.Exists(Path.Combine(folder, ImportedFile)) || Generations(folder, "journal-", ".jsonl").Any());

    /// <summary>Files that a generation's number tells apart; a folder may hold others' of similar names.</summary>
    private static IEnumerable<string> Generations(string folder, string before, string after) => Directory.EnumerateFiles(folder, $"{before}*{after}")
        .Where(path => Path.GetFileName(path)[before.Length..^after.Length] is { Length: > 0 } number && number.All(char.IsAsciiDigit));

    /// <summary>What was written before the journal.</summary>
    private void Load()
    {
        var path = Path.Combine(_folder, SnapshotFile);
        if (File.Exists(path))
        {
            Restore(Parse<Stored>(File.ReadAllBytes(path), path, stored => stored.Format));
            _snapshotBytes = new FileInfo(path).Length + new FileInfo(BaselinesPath(_generation)).Length;
        }
        if (File.Exists(ImportedPath))
        {
            using var imported = File.OpenRead(ImportedPath);
            _state.Merge(BaselineFile.Load(imported));
        }
    }

    private void Recover()
    {
        Load();
        _file = new FileStream(JournalPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var whole = Replay(_file);
        if (whole > _file.Length)
        {
            // The last line is whole but for its line feed.
            _file.Position = _file.Length;
            _file.WriteByte((byte)'\n');
        }
        _file.SetLength(whole);
        _file.Position = whole;
        foreach (var other in Generations(_folder, "journal-", ".jsonl").Where(f => f != JournalPath)) File.Delete(other);
        foreach (var other in Generations(_folder, "baselines-", ".bin").Where(f => f != BaselinesPath(_generation))) File.Delete(other);
    }

    /// <summary>What was learnt elsewhere and handed over by <see cref="Import"/>; the next snapshot holds it too.</summary>
    private string ImportedPath => Path.Combine(_folder, ImportedFile);

    private string BaselinesPath(long generation) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"baselines-{generation}.bin"));

    private string JournalPath => JournalPathOf(_generation);

    private string JournalPathOf(long generation) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"journal-{generation}.jsonl"));

    private void Restore(Stored snapshot)
    {
        _generation = snapshot.Generation;
        using (var baselines = File.OpenRead(BaselinesPath(_generation)))
            _state.Restore(snapshot.Applied, snapshot.Newest, BaselineFile.Load(baselines), snapshot.Acts);
        foreach (var instance in snapshot.Instances) _state.Instances.Add(instance);
        foreach (var (key, occurrences) in snapshot.Findings.Select(f => (f.Key, f.State))) _state.Merge(key, occurrences);
        foreach (var step in Load(snapshot.States)) _state.Apply(step);
        foreach (var trial in snapshot.Trials ?? []) _state.Merge(trial);
    }

    /// <returns>Bytes of the lines that are whole.</returns>
    private long Replay(Stream file)
    {
        using var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16, leaveOpen: true);
        long whole = 0;
        while (reader.ReadLine() is { } text)
        {
            if (TryRead(text) is not { } line)
            {
                // Of lines that were flushed together any may be missing where the power failed. What follows a line that was on disk is another matter.
                while (reader.ReadLine() is { } later)
                    if (TryRead(later) is not { Synced: { } synced } || synced > whole) throw new InvalidDataException($"{JournalPath} is damaged at line {_sinceSnapshot + 1}, and others follow it");
                break;
            }
            var steps = Load(line.Steps).ToList();
            _state.Commit(new ObjectResult(line.Entry, line.Findings.ToDictionary(f => f.Key, f => f.State), steps, line.Instances, [], []) { Trials = line.Trials ?? [], Acts = line.Acts?.ToBatch() ?? ActBatch.Empty }, line.Mark);
            _sinceSnapshot++;
            whole += Encoding.UTF8.GetByteCount(text) + 1;
        }
        return whole;
    }

    private Line? TryRead(string text)
    {
        if (text.Length <= ChecksumLength + 1) return null;
        var json = Encoding.UTF8.GetBytes(text[(ChecksumLength + 1)..]);
        return text.AsSpan(0, ChecksumLength).SequenceEqual(Checksum(json)) ? Parse<Line>(json, JournalPath, line => line.Format) : null;
    }

    private static T Parse<T>(byte[] json, string path, Func<T, int> format)
    {
        T? parsed;
        try
        {
            parsed = JsonSerializer.Deserialize(json, StateJson.Of<T>());
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new InvalidDataException($"{path} is damaged: {e.Message}", e);
        }
        return parsed is not null && format(parsed) == Format ? parsed : throw new InvalidDataException($"{path} was written by another version");
    }

    /// <summary>Replaces snapshot and journal: the new snapshot stands before the old one goes, and names the journal that continues it.</summary>
    /// <exception cref="IOException">It cannot be written now; all is as it was.</exception>
    public void Snapshot()
    {
        var next = _generation + 1;
        using (var file = new FileStream(BaselinesPath(next), FileMode.Create, FileAccess.Write))
        {
            BaselineFile.Save(_state.Behaviour, file);
            file.Flush(flushToDisk: true);
        }
        var stored = new Stored(
            Format, next, _state.Newest, [.. _state.Applied.Order()], [.. _state.Instances.Learned],
            [.. _state.Parts.SelectMany(p => p.Findings).Where(f => f.Value.Direct.Latest is not null).Select(f => new KeyedFinding(f.Key, f.Value.Direct))],
            [.. _state.Parts.SelectMany(p => p.States.Values).SelectMany(s => s.All).Select(Store)], [.. _state.Trials],
            [.. _state.Behaviour.Acts]);
        var temporary = Path.Combine(_folder, SnapshotFile + ".new");
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, stored, StateJson.Of<Stored>());
            file.Flush(flushToDisk: true);
        }
        var (old, journal) = (_file!, new FileStream(JournalPathOf(next), FileMode.Create, FileAccess.ReadWrite, FileShare.Read));
        try
        {
            File.Move(temporary, Path.Combine(_folder, SnapshotFile), overwrite: true);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
        (_file, _generation, _sinceSnapshot) = (journal, next, 0);
        _snapshotBytes = new FileInfo(Path.Combine(_folder, SnapshotFile)).Length + new FileInfo(BaselinesPath(next)).Length;
        old.Dispose();
        File.Delete(old.Name);
        File.Delete(BaselinesPath(next - 1));
        File.Delete(ImportedPath);
    }

    private StoredStep Store(EntityStep step) => new(step.Detector, step.Key.Value, _state.StatesOf(step.Detector)!.Serialize(step.Value));

    // The state of a detector that is no more, or goes by another name now, is forgotten.
    private IEnumerable<EntityStep> Load(IReadOnlyList<StoredStep> steps)
    {
        foreach (var step in steps)
        {
            if (_state.StatesOf(step.Detector) is { } states)
                yield return new EntityStep(step.Detector, new EntityKey(step.Key), states.Deserialize(step.Value));
        }
    }

    private static string Checksum(ReadOnlySpan<byte> json) => Crc32.HashToUInt32(json).ToString("x8", CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _file?.Dispose();
        _lock?.Dispose();
    }

    internal sealed record Line(
        int Format, UInt128 Mark, ObjectEntry Entry, IReadOnlyList<KeyedFinding> Findings, IReadOnlyList<StoredStep> Steps, IReadOnlyList<LearnedInstance> Instances,
        IReadOnlyList<TrialDays>? Trials, StoredActs? Acts)
    {
        /// <summary>Bytes of the journal that were on disk before this line was written.</summary>
        public long? Synced { get; init; }
    }

    internal sealed record Stored(
        int Format, long Generation, DateTimeOffset? Newest, IReadOnlyList<UInt128> Applied, IReadOnlyList<LearnedInstance> Instances,
        IReadOnlyList<KeyedFinding> Findings, IReadOnlyList<StoredStep> States, IReadOnlyList<TrialDays>? Trials, IReadOnlyList<Act> Acts);

    internal sealed record KeyedFinding(FindingKey Key, FindingState State);

    internal sealed record StoredStep(string Detector, UInt128 Key, JsonElement Value);

    /// <param name="Habits">16 bytes each: subject, feature, day.</param>
    internal sealed record StoredActs(IReadOnlyList<Act> Acts, byte[] Habits, IReadOnlyList<KeyValuePair<ulong, string>> Names, int FirstDay)
    {
        public static StoredActs? Of(ActBatch batch) =>
            batch.Acts.Count + batch.Habits.Count == 0 ? null : new(batch.Acts, MemoryMarshal.AsBytes<Habit>(batch.Habits.ToArray()).ToArray(), batch.Names, batch.FirstDay);

        public ActBatch ToBatch() => new(Acts, MemoryMarshal.Cast<byte, Habit>(Habits).ToArray(), Names, 0) { FirstDay = FirstDay };
    }
}
