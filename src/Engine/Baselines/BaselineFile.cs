using System.IO.Hashing;
using System.Text;

namespace Yagura.Engine.Baselines;

/// <summary>Writes and reads everything that was learnt of what is usual. The format is specified in docs/formats/baselines.md.</summary>
public static class BaselineFile
{
    private const uint Magic = 0x3242_4759; // "YGB2"
    private const int LongestName = 1 << 16;

    public static void Save(Behaviour behaviour, Stream to)
    {
        behaviour.Settle();
        var whole = new XxHash3();
        using (var writer = new BinaryWriter(new HashedStream(to, whole), Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(behaviour.Names.Count);
            foreach (var (hash, name) in behaviour.Names.All)
            {
                writer.Write(hash);
                writer.Write(name);
            }
            writer.Write(behaviour.Amounts.Count);
            foreach (var (key, sketch) in behaviour.Amounts.All)
            {
                writer.Write(key.Subject);
                writer.Write(key.What);
                writer.Write(key.Day);
                writer.Write(key.IsLate);
                writer.Write(sketch.Registers);
            }
        }
        behaviour.Profiles.Save(to, whole);
    }

    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    public static Behaviour Load(Stream from)
    {
        try
        {
            var names = new NameBook();
            var amounts = new Amounts();
            var whole = new XxHash3();
            using (var reader = new BinaryReader(new HashedStream(from, whole), Encoding.UTF8, leaveOpen: true))
            {
                if (reader.ReadUInt32() != Magic) throw new InvalidDataException("these are no baselines of this version");
                for (var left = Bounded(reader.ReadInt32(), NameBook.MostNames, "names"); left > 0; left--)
                {
                    var hash = reader.ReadUInt64();
                    var length = reader.Read7BitEncodedInt();
                    if (length is < 0 or > LongestName) throw new InvalidDataException("a name is damaged");
                    names.Add(hash, Encoding.UTF8.GetString(Exactly(reader, length)));
                }
                for (var left = Bounded(reader.ReadInt32(), Amounts.MostDays, "amounts"); left > 0; left--)
                    amounts.Merge(new(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadInt32(), reader.ReadBoolean()), DistinctSketch.Of(Exactly(reader, DistinctSketch.Length)));
            }
            var profiles = ProfileStore.Load(from, hash: whole);
            // What came in time is a habit as well; what came late may be newer than any.
            if (amounts.All.Any(amount => amount.Key.Day < Math.Max(profiles.FirstRemembered, 0) || amount.Key.Day > (amount.Key.IsLate ? ProfileStore.LastDay : profiles.Newest)))
                throw new InvalidDataException("an amount is of a day that is not remembered");
            return new Behaviour(profiles, names, amounts);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException("the baselines end too early", e);
        }
    }

    private static int Bounded(int count, int most, string what) => count >= 0 && count <= most ? count : throw new InvalidDataException($"{count} {what}; at most {most} are allowed");

    private static byte[] Exactly(BinaryReader reader, int count) => reader.ReadBytes(count) is var bytes && bytes.Length == count ? bytes : throw new EndOfStreamException();
}
