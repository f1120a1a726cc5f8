using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Yagura.Core;

namespace Yagura.Intel;

/// <summary>Country or network of addresses from lines of text, divided by commas or tabs.</summary>
/// <remarks><code>
/// 192.0.2.0,192.0.2.255,JP                            country; more columns after it are left alone
/// 192.0.2.0/24,64496,Example Networks                 network, its name
/// 192.0.2.0	192.0.2.255	64496	JP	EXAMPLE-AS         both, as iptoasn.com has it
/// </code>
/// Addresses may also be plain numbers. Where ranges overlap, the one that starts last counts.</remarks>
public sealed class OriginCsv : IOriginSource
{
    /// <summary>Most ranges of one file.</summary>
    public const int MostRanges = 4_000_000;

    private readonly IpAddress[] _firsts;
    private readonly IpAddress[] _lasts;
    private readonly AddressOrigin[] _origins;

    private OriginCsv(List<(AddressRange Range, AddressOrigin Origin)> lines, int rejected, IReadOnlyList<RejectedLine> firstRejects, string sha256)
    {
        lines.Sort(static (a, b) => a.Range.First.CompareTo(b.Range.First));
        _firsts = lines.Select(l => l.Range.First).ToArray();
        _lasts = lines.Select(l => l.Range.Last).ToArray();
        _origins = lines.Select(l => l.Origin).ToArray();
        TellsPlaces = Array.Exists(_origins, origin => origin.CountryCode is not null);
        Rejected = rejected;
        FirstRejects = firstRejects;
        Sha256 = sha256;
    }

    public int Count => _firsts.Length;
    public int Rejected { get; }
    public IReadOnlyList<RejectedLine> FirstRejects { get; }
    public string Sha256 { get; }
    public bool TellsPlaces { get; }

    public AddressOrigin? Find(IpAddress address)
    {
        var at = Array.BinarySearch(_firsts, address);
        if (at < 0) at = ~at - 1;
        return at >= 0 && address <= _lasts[at] ? _origins[at] : null;
    }

    /// <summary>Reads the text; lines that do not fit are counted.</summary>
    public static OriginCsv Parse(ReadOnlySpan<byte> content)
    {
        var lines = new List<(AddressRange, AddressOrigin)>();
        var shared = new Dictionary<AddressOrigin, AddressOrigin>();
        var rejected = 0;
        List<RejectedLine> firstRejects = [];
        Span<Range> fields = stackalloc Range[8];
        foreach (var line in TextLines.Of(content))
        {
            if (line.Text.IsEmpty || line.Text[0] == '#') continue;
            var count = line.Text.Contains((byte)'\t') ? SplitTabs(line.Text, fields) : CsvLine.Split(line.Text, fields);
            var reason = lines.Count >= MostRanges ? $"more than {MostRanges} ranges" : Read(line.Text, fields[..count], out var range, out var origin) is { } why
                ? why : Keep(range, origin);
            if (reason is null || (line.Number == 1 && ReferenceEquals(reason, NoRange))) continue; // a first line without a range is the header
            rejected++;
            if (firstRejects.Count < ListLimits.ShownRejects) firstRejects.Add(new(line.Number, reason));
        }
        return new(lines, rejected, firstRejects, Convert.ToHexStringLower(SHA256.HashData(content)));

        string? Keep(AddressRange range, AddressOrigin? origin)
        {
            if (origin is null) return null;
            if (!shared.TryGetValue(origin, out var same)) shared.Add(origin, same = origin);
            lines.Add((range, same));
            return null;
        }
    }

    private const string NoRange = "no range of addresses";

    private static string? Read(ReadOnlySpan<byte> line, ReadOnlySpan<Range> fields, out AddressRange range, out AddressOrigin? origin)
    {
        range = default;
        origin = null;
        var used = fields.Length > 0 && line[fields[0]].Contains((byte)'/') ? 1 : 2;
        if (fields.Length <= used) return NoRange;
        if (used == 1 ? !AddressRange.TryParse(line[fields[0]], out range) : !TryEnds(line[fields[0]], line[fields[1]], out range)) return NoRange;

        var rest = fields[used..];
        var first = line[rest[0]];
        if (IsCountry(first))
        {
            origin = new(Encoding.ASCII.GetString(first).ToUpperInvariant(), null, null, null, null, null, null);
            return null;
        }
        if (first.StartsWith("AS"u8)) first = first[2..];
        if (!uint.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var asn)) return "neither a country of two letters nor a network number";
        if (asn == 0) return null; // announced by nobody
        var both = rest.Length >= 3;
        var country = both && IsCountry(line[rest[1]]) ? Encoding.ASCII.GetString(line[rest[1]]).ToUpperInvariant() : null;
        var name = both ? line[rest[2]] : rest.Length == 2 ? line[rest[1]] : default;
        origin = new(country, null, null, null, null, asn, name.IsEmpty ? null : Encoding.UTF8.GetString(name));
        return null;
    }

    private static bool TryEnds(ReadOnlySpan<byte> low, ReadOnlySpan<byte> high, out AddressRange range)
    {
        if (AddressRange.TryBetween(low, high, out range)) return true;
        if (!UInt128.TryParse(low, NumberStyles.None, null, out var first) || !UInt128.TryParse(high, NumberStyles.None, null, out var last) || first > last) return false;
        range = last <= uint.MaxValue
            ? new(IpAddress.FromV4((uint)first), IpAddress.FromV4((uint)last))
            : new(AddressRange.Narrow(first), AddressRange.Narrow(last));
        return range.First.IsV4 == range.Last.IsV4;
    }

    private static bool IsCountry(ReadOnlySpan<byte> text) =>
        text.Length == 2 && char.IsAsciiLetter((char)text[0]) && char.IsAsciiLetter((char)text[1]);

    private static int SplitTabs(ReadOnlySpan<byte> line, Span<Range> fields)
    {
        var count = 0;
        foreach (var part in line.Split((byte)'\t'))
        {
            if (count == fields.Length) break;
            fields[count++] = part;
        }
        return count;
    }
}
