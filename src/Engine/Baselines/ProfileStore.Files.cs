using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Yagura.Engine.Baselines;

// Saving and loading. The format is specified in docs/formats/baselines.md.
public sealed partial class ProfileStore
{
    /// <summary>9999-12-31.</summary>
    internal const int LastDay = 2_932_896;

    private const uint Magic = 0x3250_4759; // "YGP2"
    private const int HeaderLength = 12, RowLength = 18, BufferLength = 1 << 20;
    private const int HabitLength = sizeof(uint) + sizeof(ulong);

    /// <summary>Writes everything that is remembered.</summary>
    /// <param name="hash">Of what the file holds before, which goes into the hash at the end.</param>
    public void Save(Stream to, XxHash3? hash = null)
    {
        hash ??= new XxHash3();
        var buffer = new byte[BufferLength];
        var used = 0;
        void Flush()
        {
            hash.Append(buffer.AsSpan(0, used));
            to.Write(buffer, 0, used);
            used = 0;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(buffer, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(4), Newest);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(8), Count);
        used = HeaderLength;
        foreach (ref readonly var subject in _subjects.AsSpan())
        {
            if (subject.Key == 0) continue;
            if (BufferLength - used < RowLength + subject.Count * HabitLength) Flush();
            var row = buffer.AsSpan(used);
            BinaryPrimitives.WriteUInt64LittleEndian(row, subject.Key);
            BinaryPrimitives.WriteUInt64LittleEndian(row[8..], subject.Days);
            BinaryPrimitives.WriteUInt16LittleEndian(row[16..], subject.Count);
            MemoryMarshal.AsBytes(_slab.Features(subject.Block, subject.Class)[..subject.Count]).CopyTo(row[RowLength..]);
            MemoryMarshal.AsBytes(_slab.Days(subject.Block, subject.Class)[..subject.Count]).CopyTo(row[(RowLength + subject.Count * sizeof(uint))..]);
            used += RowLength + subject.Count * HabitLength;
        }
        Flush();
        to.Write(hash.GetCurrentHash());
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="hash">As there.</param>
    /// <exception cref="InvalidDataException">It is none, or damaged.</exception>
    public static ProfileStore Load(Stream from, int mostSubjects = 1 << 20, XxHash3? hash = null)
    {
        var reader = new HashedReader(from, hash ?? new XxHash3());
        var header = reader.Take(HeaderLength);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic) throw new InvalidDataException("these are no profiles of this version");
        var newest = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        var count = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        if (count < 0 || count > mostSubjects) throw new InvalidDataException($"{count} subjects; at most {mostSubjects} are allowed");
        if (newest is < 0 or > LastDay && (count, newest) != (0, int.MinValue)) throw new InvalidDataException($"there is no day {newest}");
        var store = new ProfileStore(mostSubjects) { Newest = newest, Oldest = count == 0 ? int.MaxValue : newest - Days + 1 };
        // At once, for they come in the order of a hash: a table that grew with them would fill up from one end.
        while (3 * store._subjects.Length < 4L * count) store.Rehash(store._subjects.Length * 2);
        for (var i = 0; i < count; i++)
        {
            var row = reader.Take(RowLength);
            var (key, days, habits) = (BinaryPrimitives.ReadUInt64LittleEndian(row), BinaryPrimitives.ReadUInt64LittleEndian(row[8..]), BinaryPrimitives.ReadUInt16LittleEndian(row[16..]));
            if (key == 0 || days == 0 || habits > MostHabits) throw new InvalidDataException("a subject is damaged");
            store.Restore(key, days, habits, reader.Take(habits * HabitLength));
        }
        reader.End();
        return store;
    }

    private void Restore(ulong key, ulong active, int habits, ReadOnlySpan<byte> content)
    {
        if (_subjects[Find(key)].Key != 0) throw new InvalidDataException("a subject stands there twice");
        var size = Slab.ClassOf(habits);
        var place = NewSubject(key);
        ref var subject = ref _subjects[place];
        _slab.Return(subject.Block, subject.Class);
        (subject.Days, subject.Block, subject.Class, subject.Count) = (active, _slab.Take(size), (ushort)size, (ushort)habits);
        var features = _slab.Features(subject.Block, size)[..habits];
        var days = _slab.Days(subject.Block, size)[..habits];
        content[..(habits * sizeof(uint))].CopyTo(MemoryMarshal.AsBytes(features));
        content[(habits * sizeof(uint))..].CopyTo(MemoryMarshal.AsBytes(days));
        for (var i = 0; i < habits; i++)
        {
            if (Named.TraitOf(features[i]) is < Trait.Api or > Trait.Amount || days[i] == 0 || (days[i] & ~active) != 0) throw new InvalidDataException("a habit is damaged");
        }
    }

    /// <summary>Reads a stream piece by piece and checks its hash at the end.</summary>
    private sealed class HashedReader(Stream from, XxHash3 hash)
    {
        private readonly byte[] _buffer = new byte[BufferLength];
        private int _at, _length;

        /// <summary>The next bytes; valid until the next call.</summary>
        public ReadOnlySpan<byte> Take(int count)
        {
            if (_length - _at < count) Fill(count);
            var taken = _buffer.AsSpan(_at, count);
            hash.Append(taken);
            _at += count;
            return taken;
        }

        public void End()
        {
            var expected = hash.GetCurrentHashAsUInt64();
            if (_length - _at < sizeof(ulong)) Fill(sizeof(ulong));
            if (BinaryPrimitives.ReadUInt64BigEndian(_buffer.AsSpan(_at)) != expected) throw new InvalidDataException("the profiles are damaged: their hash differs");
        }

        private void Fill(int count)
        {
            _buffer.AsSpan(_at, _length - _at).CopyTo(_buffer);
            (_length, _at) = (_length - _at, 0);
            _length += from.ReadAtLeast(_buffer.AsSpan(_length), count - _length, throwOnEndOfStream: false);
            if (_length < count) throw new InvalidDataException("the profiles end too early");
        }
    }
}
