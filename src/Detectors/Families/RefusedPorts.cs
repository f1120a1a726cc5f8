using System.Runtime.InteropServices;

namespace Yagura.Detectors.Families;

/// <summary>Which ports refused which clients within a day: for each client a set of at most <see cref="MostOfOne"/>, in eight bytes a port.</summary>
/// <remarks>
/// A number is a client's hash of 40 bits and, below it, a port's of 24; it lies where the client's first bits say or in the first free place after that, so that a client's ports
/// lie together. Of more ports than are kept the smallest are, whatever the order of reading and merging. Two clients that are taken for one are to be met once among a million clients.
/// </remarks>
internal sealed class RefusedPorts
{
    /// <summary>Ports kept of one client.</summary>
    public const int MostOfOne = 16;

    public const int PortBits = 24;

    private const int Smallest = 64;

    private ulong[] _places = new ulong[Smallest]; // 0 where it is free

    private ulong _warm; // what was read for the cache's sake

    public int Count { get; private set; }

    /// <summary>The numbers, in the order of clients but for those at the end.</summary>
    public IEnumerable<ulong> All => _places.Where(place => place != 0);

    public byte[] ToBytes()
    {
        ulong[] all = [.. All];
        return MemoryMarshal.AsBytes(all.AsSpan()).ToArray();
    }

    /// <summary>Makes room beforehand: growing while numbers come in order would crowd them together.</summary>
    public void Reserve(int more)
    {
        var needed = _places.Length;
        while (Count + more > needed / 4 * 3) needed *= 2;
        if (needed > _places.Length) Resize(needed);
    }

    /// <summary>Adds many, whose places are read beforehand: so the processor waits for all of them at once.</summary>
    public void Add(ReadOnlySpan<ulong> numbers)
    {
        const int Together = 32;
        for (; !numbers.IsEmpty; numbers = numbers[Math.Min(Together, numbers.Length)..])
        {
            var some = numbers[..Math.Min(Together, numbers.Length)];
            var warm = 0UL;
            foreach (var number in some) warm += _places[PlaceOf(number)];
            _warm = warm;
            foreach (var number in some) Add(number);
        }
    }

    public void Add(ulong number)
    {
        if (Count == _places.Length / 4 * 3) Resize(2 * _places.Length);
        var (of, greatest) = (0, -1);
        var place = PlaceOf(number);
        for (; _places[place] != 0; place = Next(place))
        {
            if (_places[place] == number) return;
            if ((_places[place] ^ number) >> PortBits != 0) continue;
            of++;
            if (greatest < 0 || _places[place] > _places[greatest]) greatest = place;
        }
        if (of < MostOfOne)
        {
            _places[place] = number;
            Count++;
        }
        else if (number < _places[greatest]) _places[greatest] = number;
    }

    /// <summary>The ports that refused a client.</summary>
    /// <param name="client">Its hash, as the upper bits of the numbers.</param>
    public List<uint> Of(ulong client)
    {
        var ports = new List<uint>();
        for (var place = PlaceOf(client << PortBits); _places[place] != 0; place = Next(place))
        {
            if (_places[place] >> PortBits == client) ports.Add((uint)(_places[place] & ((1 << PortBits) - 1)));
        }
        return ports;
    }

    /// <summary>Forgets the clients of which fewest is known: those that one port refused.</summary>
    public void ForgetSingles()
    {
        ulong[] kept = [.. All.GroupBy(number => number >> PortBits).Where(ports => ports.Skip(1).Any()).SelectMany(ports => ports)];
        Count = 0;
        Array.Clear(_places);
        foreach (var number in kept) Add(number);
    }

    private int PlaceOf(ulong number) => (int)(number >> 64 - int.Log2(_places.Length));

    private int Next(int place) => (place + 1) & (_places.Length - 1);

    private void Resize(int places)
    {
        var before = _places;
        _places = new ulong[places];
        foreach (var number in before)
        {
            if (number == 0) continue;
            var place = PlaceOf(number);
            while (_places[place] != 0) place = Next(place);
            _places[place] = number;
        }
    }
}
