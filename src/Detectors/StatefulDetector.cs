using System.Buffers.Binary;
using Yagura.Logs;

namespace Yagura.Detectors;

/// <summary>Decides on many records of one entity: its state is what was seen, its decision a pure function of that.</summary>
/// <remarks>
/// Readers call <see cref="Observe"/> to fill one step per entity within an object; the owner of the entity merges steps in any order and asks <see cref="Decide"/> after each. So <c>TState.Merge</c> must be commutative, associative and idempotent (the same object may be
/// delivered twice), and what <see cref="Decide"/> says replaces what it said before.
/// </remarks>
/// <typeparam name="TEvent">The kind of record it reads.</typeparam>
/// <typeparam name="TState">Stored as JSON by its public properties, which a constructor takes back.</typeparam>
public abstract class StatefulDetector<TEvent, TState> : StatefulDetector<TEvent>
    where TEvent : LogEvent
    where TState : class, IMergeable<TState>, new()
{
    public sealed override TResult Accept<TResult>(IStatefulDetectorVisitor<TEvent, TResult> visitor) => visitor.Visit(this);

    /// <summary>Adds the record to the step of each entity it is about; allocates nothing for a record that means nothing here.</summary>
    public abstract void Observe(TEvent record, Knowledge knowledge, ISteps<TState> steps);

    /// <summary>What the state shows now; nothing when it is quiet.</summary>
    public abstract IEnumerable<Decision> Decide(TState state, Knowledge knowledge);
}

/// <summary>A detector with state of some type, which <see cref="Accept"/> tells to whoever has to keep it.</summary>
public abstract class StatefulDetector<TEvent> where TEvent : LogEvent
{
    /// <inheritdoc cref="Detector{TEvent}.Types"/>
    public abstract IReadOnlyList<TypeBinding> Types { get; }

    /// <summary>A stable name for the stored state, such as <c>instance-sessions</c>; changing it forgets the state.</summary>
    public abstract string Name { get; }

    /// <inheritdoc cref="Detector{TEvent}.ListedEndsOnly"/>
    public virtual bool ListedEndsOnly => false;

    public abstract TResult Accept<TResult>(IStatefulDetectorVisitor<TEvent, TResult> visitor);
}

public interface IStatefulDetectorVisitor<TEvent, out TResult> where TEvent : LogEvent
{
    TResult Visit<TState>(StatefulDetector<TEvent, TState> detector) where TState : class, IMergeable<TState>, new();
}

/// <summary>The steps of one detector within the object that is being read.</summary>
public interface ISteps<out TState>
{
    /// <summary>The object's name, for evidence.</summary>
    string ObjectName { get; }

    /// <summary>The step of an entity, new at its first record in the object.</summary>
    TState Of(EntityKey key);

    /// <summary>The address of a flow record's own interface, as the records of the object tell it once all are read.</summary>
    OwnAddress OwnAddress(FlowRecord flow) => new();
}

/// <summary>Something that can be put together from pieces in any order, any number of times.</summary>
public interface IMergeable<in TSelf>
{
    void Merge(TSelf other);
}

/// <summary>A state that is a table of many entities and gives some up to stay within its own limit.</summary>
public interface IBounded
{
    /// <summary>Entities that were given up.</summary>
    long Evicted { get; }
}

/// <summary>A stateful detector's verdict: the detection with the occurrences that carry it.</summary>
public sealed record Decision(Detection Detection, FindingState Occurrences);

/// <summary>A 128-bit name of an entity (and window) within one detector.</summary>
public readonly record struct EntityKey(UInt128 Value)
{
    private const int LongestPart = 256;

    /// <summary>The key of an entity named by texts in order; texts are told apart, so ("a","bc") is not ("ab","c").</summary>
    public static EntityKey Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third = default)
    {
        // No longer than needed, for it is cleared each time.
        Span<byte> text = stackalloc byte[Math.Min(first.Length, LongestPart) + Math.Min(second.Length, LongestPart) + Math.Min(third.Length, LongestPart) + 3];
        var length = Append(text, first);
        length += Append(text[length..], second);
        length += Append(text[length..], third);
        return new(ContentHash.Of(text[..length]));
    }

    public static EntityKey Of(ReadOnlySpan<byte> account, ReadOnlySpan<byte> entity, DateTimeOffset time, TimeSpan window)
    {
        Span<byte> bucket = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bucket, time.UtcTicks / window.Ticks);
        return Of(account, entity, bucket);
    }

    /// <summary>The key of a window of what an interface (or an account) has to do with an address at a port.</summary>
    public static EntityKey Of(ReadOnlySpan<byte> account, ReadOnlySpan<byte> entity, Core.IpAddress one, Core.IpAddress other, ushort port, DateTimeOffset time, TimeSpan window)
    {
        Span<byte> rest = stackalloc byte[5 * sizeof(ulong) + sizeof(ushort)];
        BinaryPrimitives.WriteInt64LittleEndian(rest, time.UtcTicks / window.Ticks);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[8..], one.High);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[16..], one.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[24..], other.High);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[32..], other.Low);
        BinaryPrimitives.WriteUInt16LittleEndian(rest[40..], port);
        return Of(account, entity, rest);
    }

    // A part longer than any honest name stands in the key by its hash.
    private static int Append(Span<byte> text, ReadOnlySpan<byte> part)
    {
        text[0] = (byte)Math.Min(part.Length, byte.MaxValue);
        if (part.Length < LongestPart)
        {
            part.CopyTo(text[1..]);
            return part.Length + 1;
        }
        BinaryPrimitives.WriteUInt128LittleEndian(text[1..], ContentHash.Of(part));
        return 1 + 16;
    }

    // It is a hash already.
    public override int GetHashCode() => (int)(ulong)Value;

    public override string ToString() => Value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
