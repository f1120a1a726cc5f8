namespace Yagura.Detectors.Yagura.EC2;

/// <summary>Where a pair lies: among those that were seen once, or among the others.</summary>
internal readonly record struct BeaconPlace(bool IsSingle, int Number);

/// <summary>Finds places by hashes, in four bytes for each of more slots than are taken. Places whose hashes are alike follow one another, up to a free slot.</summary>
internal sealed class BeaconIndex
{
    private const int NumberBits = 23;
    private const uint NumberMask = (1 << NumberBits) - 1, SingleBit = 1 << NumberBits;

    /// <summary>A part of the hash, so that hardly another row is looked at.</summary>
    private const uint TagMask = ~(NumberMask | SingleBit);

    private uint[] _slots = new uint[32]; // 0 where it is free; numbers plus one
    private uint _warm; // what was read for the cache's sake

    public int Count { get; private set; }

    public long Bytes => (long)_slots.Length * sizeof(uint);

    public bool IsFull => Count >= _slots.Length / 4 * 3;

    public int SlotOf(uint hash) => (int)hash & (_slots.Length - 1);

    /// <summary>Goes to the next slot that may be meant, beginning with the given one.</summary>
    /// <returns>False at a free slot, behind the last.</returns>
    public bool Seek(uint hash, ref int slot)
    {
        var slots = _slots;
        for (; ; slot = (slot + 1) & (slots.Length - 1))
        {
            var entry = slots[slot];
            if (entry == 0) return false;
            if (((entry ^ hash) & TagMask) == 0) return true;
        }
    }

    public int Next(int slot) => (slot + 1) & (_slots.Length - 1);

    public BeaconPlace this[int slot] => new((_slots[slot] & SingleBit) != 0, (int)(_slots[slot] & NumberMask) - 1);

    public void Set(int slot, uint hash, BeaconPlace place)
    {
        if (_slots[slot] == 0) Count++;
        _slots[slot] = (uint)(place.Number + 1) | (place.IsSingle ? SingleBit : 0) | (hash & TagMask);
    }

    /// <summary>Empties it.</summary>
    /// <param name="grow">Whether it gets twice the slots.</param>
    public void Clear(bool grow)
    {
        Count = 0;
        if (grow) _slots = new uint[2 * _slots.Length];
        else Array.Clear(_slots);
    }

    /// <summary>Adds places that follow one another and are not in it yet.</summary>
    public void Add(ReadOnlySpan<uint> hashes, bool isSingle, int firstNumber)
    {
        Warm(hashes);
        foreach (var hash in hashes)
        {
            var slot = SlotOf(hash);
            while (_slots[slot] != 0) slot = Next(slot);
            Set(slot, hash, new(isSingle, firstNumber++));
        }
    }

    /// <summary>Reads what <see cref="Seek"/> will, for no other purpose than that it is in the cache.</summary>
    public void Warm(ReadOnlySpan<uint> hashes)
    {
        var warm = 0u;
        foreach (var hash in hashes) warm += _slots[SlotOf(hash)];
        _warm = warm;
    }
}
