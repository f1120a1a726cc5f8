namespace Yagura.Intel;

/// <summary>Zones below which every name is made by the zone's own operator, or never leaves the network: nobody else can carry data out, or meet
/// malware, in names below them, however long and random these look.</summary>
/// <remarks>They lie in <c>known-zones.txt</c> beside this file, each with what its names are. What a list says of a name holds all the same.</remarks>
public static class KnownZones
{
    private static readonly NameTable Table = new(Read().Select(zone => (zone, false, 0)), new ListSets());

    /// <summary>Whether the name is a known zone or lies below one, letter case aside. Allocates nothing.</summary>
    public static bool Holds(ReadOnlySpan<byte> name) => Table.Find(name) != 0;

    private static IEnumerable<string> Read()
    {
        using var stream = typeof(KnownZones).Assembly.GetManifestResourceStream("Yagura.Intel.known-zones.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#') yield return line.Split(' ')[0];
        }
    }
}
