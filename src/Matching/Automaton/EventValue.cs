namespace Yagura.Matching.Automaton;

/// <summary>What kind of value stands at a path.</summary>
internal enum ValueKind : byte { Text, Number, True, False, Null }

/// <summary>What was worked out of a value so far; kept so that several tests share it.</summary>
[Flags]
internal enum Derived : byte
{
    None = 0,
    /// <summary>Whether the value is a decimal was found out; <see cref="IsNumber"/> says so.</summary>
    NumberKnown = 1,
    IsNumber = 2,
    /// <summary>Whether a double gives the number back was found out; <see cref="IsDouble"/> says so.</summary>
    DoubleKnown = 4,
    IsDouble = 8,
    AddressKnown = 16,
    IsAddress = 32,
    Folded = 64,
}

/// <summary>One value of an event: where its bytes are, in which element of a list it lies, and which value of the same field follows.</summary>
internal struct EventValue
{
    /// <summary>Into the buffer's bytes; a text stands there unescaped, without its quotes.</summary>
    public int Start, Length;

    /// <summary>The innermost object or list that lies in a list and holds the value; 0 where no list is around.</summary>
    public int Element;

    /// <summary>The next value of the field; -1 after the last.</summary>
    public int Next;

    public ValueKind Kind;
    public Derived Derived;
}
