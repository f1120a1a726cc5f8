using System.Numerics;
using System.Runtime.CompilerServices;
using Yagura.Core;
using Yagura.Matching.Automaton;

namespace Yagura.Matching;

/// <summary>What a thread needs while it matches, kept from event to event so that matching allocates nothing once it has grown. Not for two threads at once;
/// one buffer may serve several matchers in turn.</summary>
/// <remarks>Holds about 8 bytes for each byte of the longest event and 30 for each term and field of the rules.</remarks>
public sealed class MatchBuffer
{
    private const int LastEpoch = int.MaxValue / 2 - 1;

    /// <summary>Bytes behind an event that may be read, so that keys and texts can be taken many bytes at a time.</summary>
    internal const int Padding = Folding.Slack;

    /// <summary>The slot of a term that holds for every event.</summary>
    internal const int AlwaysTrue = 0;

    private struct FieldValues
    {
        public int Epoch, First, Last;
        public bool Nested;
    }

    private int _epoch;
    private FieldValues[] _fields = [];
    private int[] _terms = [];     // by slot: twice the epoch, plus one where the term holds
    private int[] _clauses = [];   // by slot: the epoch in which the clause was tried
    private int[] _rules = [];     // by slot: the epoch in which the rule was hit
    private Candidate[][] _pending = new Candidate[16][];
    private int _pendingCount;
    private JsonNumber[] _numbers = new JsonNumber[16];
    private double[] _doubles = new double[16];
    private IpAddress[] _addresses = new IpAddress[16];
    private int[] _folds = new int[16];
    private byte[] _folded = new byte[256];
    private int _foldedUsed;
    private long _work;

    /// <summary>The event, and behind it what was unescaped of it.</summary>
    internal byte[] Bytes = new byte[4096];

    internal EventValue[] Values = new EventValue[16];
    internal int Count;

    /// <summary>The fields that have a value in this event.</summary>
    internal FieldEntry[] Touched = new FieldEntry[16];
    internal int TouchedCount;

    /// <summary>The fields that take every value at the place of the event that is being read.</summary>
    internal FieldEntry[] Takers = new FieldEntry[8];

    internal int[] Positions = new int[4096];
    internal readonly List<RuleEntry> Hits = [];
    internal readonly Binding Binding = new();

    /// <summary>Characters of a text, for what can only be asked of UTF-16.</summary>
    internal char[] Characters = new char[256], OtherCharacters = new char[256];

    internal EventFault Fault;

    /// <summary>Makes ready for the next event.</summary>
    internal void Begin(int fields, int terms, int clauses, int rules)
    {
        if (_epoch >= LastEpoch)
        {
            _epoch = 0;
            Array.Clear(_fields);
            Array.Clear(_terms);
            Array.Clear(_clauses);
            Array.Clear(_rules);
        }
        _epoch++;
        Grow(ref _fields, fields);
        Grow(ref _terms, terms);
        Grow(ref _clauses, clauses);
        Grow(ref _rules, rules);
        Count = TouchedCount = _foldedUsed = _pendingCount = 0;
        Fault = EventFault.None;
        _work = 0;
        Mark(AlwaysTrue);
        Hits.Clear();
        Binding.Clear();
    }

    /// <summary>Asks for work that a test is about to do.</summary>
    /// <returns>False, with the fault set, where it would be too much for this event: then the test must not be made.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Spend(long nanoseconds)
    {
        if (nanoseconds <= MatchLimits.Work - _work)
        {
            _work += nanoseconds;
            return true;
        }
        Fault = EventFault.TooManySteps;
        return false;
    }

    private static void Grow<T>(ref T[] array, int count)
    {
        if (array.Length < count) Array.Resize(ref array, (int)BitOperations.RoundUpToPowerOf2((uint)count));
    }

    /// <summary>Adds a value to a field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(FieldEntry field, ValueKind kind, int start, int length, int element)
    {
        var at = Count;
        if (at == Values.Length && !GrowValues()) return;
        Count = at + 1;
        ref var value = ref Values[at];
        value.Start = start;
        value.Length = length;
        value.Element = element;
        value.Next = -1;
        value.Kind = kind;
        value.Derived = Derived.None;
        ref var list = ref _fields[field.Id];
        if (list.Epoch != _epoch)
        {
            list.Epoch = _epoch;
            list.First = at;
            list.Nested = element != 0;
            if (TouchedCount == Touched.Length) Array.Resize(ref Touched, Touched.Length * 2);
            Touched[TouchedCount++] = field;
        }
        else
        {
            Values[list.Last].Next = at;
            list.Nested |= element != 0;
        }
        list.Last = at;
    }

    /// <returns>False, with the fault set, where there are too many.</returns>
    private bool GrowValues()
    {
        if (Values.Length >= MatchLimits.Values)
        {
            Fault = EventFault.TooManyValues;
            return false;
        }
        var size = Math.Min(MatchLimits.Values, Values.Length * 2);
        Array.Resize(ref Values, size);
        Array.Resize(ref _numbers, size);
        Array.Resize(ref _doubles, size);
        Array.Resize(ref _addresses, size);
        Array.Resize(ref _folds, size);
        return true;
    }

    /// <summary>The first value of a field; -1 where it has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int First(int field)
    {
        ref var list = ref _fields[field];
        return list.Epoch == _epoch ? list.First : -1;
    }

    /// <summary>True where a value of the field lies within a list.</summary>
    internal bool IsNested(int field)
    {
        ref var list = ref _fields[field];
        return list.Epoch == _epoch && list.Nested;
    }

    /// <summary>What is known of a term: 1 where it holds, 0 where not, -1 where nobody asked yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Known(int slot)
    {
        var memo = _terms[slot];
        return memo >> 1 == _epoch ? memo & 1 : -1;
    }

    internal bool Learn(int slot, bool holds)
    {
        _terms[slot] = _epoch << 1 | (holds ? 1 : 0);
        return holds;
    }

    /// <summary>True where it is known that a term holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Holds(int slot) => _terms[slot] == (_epoch << 1 | 1);

    /// <summary>Keeps that a term holds.</summary>
    internal void Mark(int slot) => _terms[slot] = _epoch << 1 | 1;

    /// <summary>Keeps what a value shows: terms that hold, and candidates to be decided once all values were looked up.</summary>
    internal void Meet(Posting? posting)
    {
        if (posting is null || Holds(posting.Slot)) return;
        Mark(posting.Slot);
        foreach (var mark in posting.Marks) Mark(mark);
        if (posting.Candidates.Length == 0) return;
        if (_pendingCount == _pending.Length) Array.Resize(ref _pending, _pending.Length * 2);
        _pending[_pendingCount++] = posting.Candidates;
    }

    /// <summary>Decides all candidates that were met, and those that need not be met.</summary>
    internal void Decide(Posting always)
    {
        var fault = Fault;
        for (var i = 0; i < _pendingCount; i++) Decide(_pending[i], ref fault);
        Decide(always.Candidates, ref fault);
        Fault = fault;
    }

    /// <param name="fault">Set where a candidate could not be decided.</param>
    private void Decide(Candidate[] candidates, ref EventFault fault)
    {
        var (terms, clauses, rules, epoch) = (_terms, _clauses, _rules, _epoch);
        var holds = epoch << 1 | 1;
        foreach (ref readonly var candidate in candidates.AsSpan())
        {
            if (terms[candidate.Gate] != holds || terms[candidate.SecondGate] != holds) continue;
            ref var tried = ref clauses[candidate.Slot];
            if (tried == epoch) continue;
            tried = epoch;
            ref var hit = ref rules[candidate.RuleSlot];
            if (hit == epoch || (candidate.Clause.Residual is { } residual && !Holds(residual, ref fault))) continue;
            hit = epoch;
            Hits.Add(candidate.Clause.Rule);
        }
    }

    /// <summary>True where a check holds without a doubt: one that had to leave out a test may come to either answer.</summary>
    private bool Holds(Check check, ref EventFault fault)
    {
        Fault = EventFault.None;
        var holds = check.Holds(this);
        if (Fault == EventFault.None) return holds;
        fault = Fault;
        return false;
    }

    internal ReadOnlySpan<byte> Text(int value)
    {
        ref var v = ref Values[value];
        return Bytes.AsSpan(v.Start, v.Length);
    }

    /// <summary>The text with its ASCII letters in lower case.</summary>
    internal ReadOnlySpan<byte> FoldedText(int value)
    {
        ref var v = ref Values[value];
        if ((v.Derived & Derived.Folded) == Derived.None)
        {
            if (_folded.Length - _foldedUsed < v.Length + Folding.Slack) Array.Resize(ref _folded, Math.Max(_folded.Length * 2, _foldedUsed + v.Length + Folding.Slack));
            Folding.Lower(ref Bytes[v.Start], v.Length, ref _folded[_foldedUsed]);
            _folds[value] = _foldedUsed;
            _foldedUsed += v.Length;
            v.Derived |= Derived.Folded;
        }
        return _folded.AsSpan(_folds[value], v.Length);
    }

    /// <summary>The text as characters; replaced by the next call.</summary>
    internal ReadOnlySpan<char> Utf16(int value, ref char[] characters)
    {
        var text = Text(value);
        if (characters.Length < text.Length) characters = new char[BitOperations.RoundUpToPowerOf2((uint)text.Length)];
        return characters.AsSpan(0, System.Text.Encoding.UTF8.GetChars(text, characters));
    }

    /// <summary>The decimal that a JSON number is, or a text that spells one.</summary>
    internal bool TryNumber(int value, out JsonNumber number)
    {
        ref var v = ref Values[value];
        if ((v.Derived & Derived.NumberKnown) == Derived.None) Remember(value, JsonNumber.TryParse(Text(value), out _numbers[value], out _));
        number = _numbers[value];
        return (v.Derived & Derived.IsNumber) != Derived.None;
    }

    /// <summary>Keeps what a number that was just added is.</summary>
    internal void Keep(in JsonNumber number, bool isHeld)
    {
        _numbers[Count - 1] = number;
        Values[Count - 1].Derived = isHeld ? Derived.NumberKnown | Derived.IsNumber : Derived.NumberKnown;
    }

    private void Remember(int value, bool isNumber) => Values[value].Derived |= Derived.NumberKnown | (isNumber ? Derived.IsNumber : Derived.None);

    internal bool TryDouble(int value, out double number)
    {
        ref var v = ref Values[value];
        if ((v.Derived & Derived.DoubleKnown) == Derived.None)
        {
            v.Derived |= Derived.DoubleKnown;
            if (TryNumber(value, out var parsed) && parsed.TryDouble(out _doubles[value])) v.Derived |= Derived.IsDouble;
        }
        number = _doubles[value];
        return (v.Derived & Derived.IsDouble) != Derived.None;
    }

    /// <summary>Bounds that a number lies between for sure, found without the work that <see cref="TryDouble"/> may be.</summary>
    internal bool TryBounds(int value, out double low, out double high)
    {
        low = high = 0;
        if ((Values[value].Derived & Derived.DoubleKnown) != Derived.None)
        {
            low = high = _doubles[value];
            return (Values[value].Derived & Derived.IsDouble) != Derived.None;
        }
        if (!TryNumber(value, out var number)) return false;
        var about = number.Approximate(out var error);
        (low, high) = (about - error, about + error);
        return true;
    }

    internal bool TryAddress(int value, out IpAddress address)
    {
        ref var v = ref Values[value];
        if ((v.Derived & Derived.AddressKnown) == Derived.None)
        {
            v.Derived |= Derived.AddressKnown;
            if (AddressText.TryParse(Text(value), out _addresses[value])) v.Derived |= Derived.IsAddress;
        }
        address = _addresses[value];
        return (v.Derived & Derived.IsAddress) != Derived.None;
    }
}
