using System.Runtime.InteropServices;

namespace Yagura.Detectors.Yagura.EC2;

/// <summary>Rows with the names that they are numbered by: what is stored of a table.</summary>
internal sealed record BeaconRows(BeaconNames Names, Pages<BeaconNote> Singles, Pages<BeaconPair> Pairs)
{
    private const int PageBits = 11;

    /// <summary>Reads stored rows.</summary>
    /// <exception cref="ArgumentException">There is a row that names no owner or no object, or that is none.</exception>
    public BeaconRows(IReadOnlyList<BeaconOwner> owners, IReadOnlyList<string> objects, IReadOnlyList<byte[]> singles, IReadOnlyList<byte[]> pairs)
        : this(new(), new(PageBits), new(PageBits))
    {
        int[] owner = [.. owners.Select(Names.NumberOf)], name = [.. objects.Select(Names.NumberOf)];
        bool Exists(int ofOwner, int ofObject) => (uint)ofOwner < owner.Length && (uint)ofObject < name.Length;
        foreach (var page in singles)
        {
            foreach (ref readonly var single in MemoryMarshal.Cast<byte, BeaconNote>(page))
            {
                if (!Exists(single.Owner, single.Object)) throw new ArgumentException("a connection that is none", nameof(singles));
                Singles.Add(single with { Owner = owner[single.Owner], Object = name[single.Object] });
            }
        }
        foreach (var page in pairs)
        {
            foreach (var stored in MemoryMarshal.Cast<byte, BeaconPair>(page))
            {
                var pair = stored;
                if (!Exists(pair.Owner, pair.Object) || pair.Kept > BeaconPair.MostStarts) throw new ArgumentException("a pair that is none", nameof(pairs));
                (pair.Owner, pair.Object) = (owner[pair.Owner], name[pair.Object]);
                Pairs.Add(pair);
            }
        }
    }
}
