using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Yagura.Core;

namespace Yagura.Intel;

/// <summary>All that is known of addresses and names at one moment; immutable, shared by all readers without a lock.</summary>
/// <remarks>A change is a new snapshot: who holds the current one replaces that one reference, and whoever is reading finishes with the old.
/// A trusted list wins over every other for what it holds: an address in one of its ranges, a name that it lists, and every name below.</remarks>
public sealed class IntelSnapshot
{
    private readonly ThreatMatch[] _matches; // by number of the set of lists; nothing where one of the lists is trusted
    private readonly bool[] _trusted;
    private readonly V4Trie? _v4;
    private readonly Segments _v6;
    private readonly NameTable _names;
    private readonly FrozenDictionary<string, int> _keys;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _keysBySpan;
    private readonly AwsRanges? _aws;
    private readonly PublicSuffixList _suffixes;
    private readonly IReadOnlyList<IOriginSource> _origins;
    private readonly IReadOnlyList<ParsedList> _parsed;

    private IntelSnapshot(
        IReadOnlyList<ParsedList> parsed, AwsRanges? aws, PublicSuffixList? suffixes, IReadOnlyList<IOriginSource> origins)
    {
        var lists = parsed.OrderBy(p => p.List.Name, StringComparer.Ordinal).ThenBy(p => p.List.Sha256, StringComparer.Ordinal)
            .ThenBy(p => p.List.Category).ToArray();
        Lists = lists.Select(p => p.List).ToArray();

        var sets = new ListSets();
        var segments = Segments.Overlay(lists.Select(p => p.Addresses).ToArray(), sets);
        if (lists.Any(p => p.Addresses.Any(a => a.First.IsV4))) _v4 = new(segments);
        _v6 = segments.WithoutV4();
        _names = new(lists.SelectMany((p, list) => p.Names.Select(n => (n.Name, n.BelowOnly, list))), sets);
        var keys = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var list = 0; list < lists.Length; list++)
        {
            foreach (var key in lists[list].Keys) keys[key] = sets.With(keys.GetValueOrDefault(key), list);
        }
        _keys = keys.ToFrozenDictionary(StringComparer.Ordinal);
        _keysBySpan = _keys.GetAlternateLookup<ReadOnlySpan<char>>();

        _trusted = sets.All.Select(set => set.Any(list => Lists[list].Category.HasFlag(ThreatCategory.Trusted))).ToArray();
        _matches = sets.All.Select((set, number) => _trusted[number] ? default : Match(set)).ToArray();
        AddressCategories = Union(Lists.Where(l => l.Addresses > 0));
        DomainCategories = Union(Lists.Where(l => l.Domains > 0));
        KeyCategories = Union(Lists.Where(l => l.Other > 0));
        _aws = aws;
        _suffixes = suffixes ?? PublicSuffixList.BuiltIn;
        (_origins, _parsed) = (origins, parsed);
        Hash = HashOf(Lists, [aws?.Sha256, suffixes?.Sha256, .. origins.Select(o => o.Sha256)]);
    }

    /// <summary>Knows nothing. Everything works with it; detectors that need a list are off.</summary>
    public static IntelSnapshot Empty { get; } = new([], null, null, []);

    /// <summary>Builds a snapshot; the order of the lists makes no difference.</summary>
    /// <param name="aws">Null where AWS's ranges are not known; see <see cref="IsAws"/>.</param>
    /// <param name="suffixes">Null for <see cref="PublicSuffixList.BuiltIn"/>.</param>
    /// <param name="origins">Asked in this order; the first that knows a part of the answer gives it.</param>
    public static IntelSnapshot Create(
        IReadOnlyList<ParsedList> lists, AwsRanges? aws = null, PublicSuffixList? suffixes = null, IReadOnlyList<IOriginSource>? origins = null) =>
        new(lists, aws, suffixes, origins ?? []);

    /// <summary>The same with lists beside those that it has.</summary>
    public IntelSnapshot With(IReadOnlyList<ParsedList> more) => more.Count == 0 ? this : new([.. _parsed, .. more], _aws, _suffixes, _origins);

    /// <summary>Every loaded list, trusted ones included, by name.</summary>
    public IReadOnlyList<ThreatList> Lists { get; }

    /// <summary>SHA-256 over the lists, the same for the same knowledge; empty when there is none.</summary>
    public string Hash { get; }

    /// <summary>Categories for which at least one entry of that kind (address, name, key) is loaded.</summary>
    public ThreatCategory AddressCategories { get; }
    /// <inheritdoc cref="AddressCategories"/>
    public ThreatCategory DomainCategories { get; }
    /// <inheritdoc cref="AddressCategories"/>
    public ThreatCategory KeyCategories { get; }

    /// <summary>Every list with a prefix that holds the address. Allocates nothing; private addresses never match.</summary>
    public ThreatMatch Find(IpAddress address) => SetOf(address) is var set and > 0 && address.IsPublic ? _matches[set] : default;

    /// <summary>True when <see cref="Find"/> has something to say of the address; the quick question for records of which most are quiet.</summary>
    public bool IsListed(IpAddress address) => SetOf(address) is var set and > 0 && !_trusted[set] && address.IsPublic;

    /// <summary>Every list that holds the name or a parent of it (labels compared without case). Allocates nothing.</summary>
    public ThreatMatch FindDomain(ReadOnlySpan<byte> name) => _matches[_names.Find(name)];

    /// <summary>Lists of leaked access keys that hold the identifier. Allocates nothing.</summary>
    public ThreatMatch FindKey(ReadOnlySpan<byte> accessKeyId)
    {
        if (accessKeyId.Length > EntryReader.LongestKey) return default;
        Span<char> chars = stackalloc char[EntryReader.LongestKey];
        var length = Encoding.Latin1.GetChars(accessKeyId, chars);
        return _keysBySpan.TryGetValue(chars[..length], out var set) ? _matches[set] : default;
    }

    public bool IsTrusted(IpAddress address) => _trusted[SetOf(address)];

    /// <summary>Country and network of an address, as far as loaded databases know.</summary>
    public AddressOrigin? Locate(IpAddress address)
    {
        AddressOrigin? known = null;
        foreach (var source in _origins)
        {
            if (source.Find(address) is { } found) known = known is null ? found : known.CompletedBy(found);
        }
        return known;
    }

    /// <summary>Whether <see cref="Locate"/> may tell countries or cities.</summary>
    public bool TellsPlaces => _origins.Any(source => source.TellsPlaces);

    /// <summary>True, false, or null where AWS's published ranges are not loaded.</summary>
    public bool? IsAws(IpAddress address) => _aws?.Holds(address);

    /// <summary>The registrable domain (<c>example.co.jp</c> of <c>a.b.example.co.jp</c>); the name itself if it has none above it.</summary>
    public string RegistrableDomain(string name) => _suffixes.RegistrableDomain(name);

    /// <summary>The part of a name that somebody registered, as <see cref="RegistrableDomain"/> says; below a listed zone of dynamic DNS, where
    /// anybody takes a name, the name directly below it. Letter case as given. Allocates nothing.</summary>
    /// <param name="name">Of a name that escapes made longer than a name can be, only the end is looked at.</param>
    /// <returns>An end of the name; empty for one that nobody can register: a single label, an address.</returns>
    public ReadOnlySpan<byte> RegisteredDomain(ReadOnlySpan<byte> name)
    {
        if (name.EndsWith((byte)'.')) name = name[..^1];
        if (name.Length > NameTable.LongestName) name = name[^NameTable.LongestName..];
        var dot = name.LastIndexOf((byte)'.');
        if (dot < 0 || name[^1] is >= (byte)'0' and <= (byte)'9') return [];
        Span<char> lower = stackalloc char[NameTable.LongestName];
        var labels = _suffixes.MostLabels(last: name.Length - dot - 1);
        var begin = name.Length;
        while (begin > 0 && (name[begin - 1] != '.' || --labels > 0))
        {
            var character = name[--begin];
            lower[begin] = (char)(character is >= (byte)'A' and <= (byte)'Z' ? character | 32 : character);
        }
        var start = begin + _suffixes.StartOfRegistrable(lower[begin..name.Length]);
        if ((DomainCategories & ThreatCategory.DynamicDns) == ThreatCategory.None) return name[start..];
        for (var at = start; at >= 0; at = Before(name, at))
        {
            if (FindDomain(name[at..]).Has(ThreatCategory.DynamicDns)) return name[Math.Max(Before(name, at), 0)..];
        }
        return name[start..];
    }

    /// <summary>Where the label before the one at <paramref name="start"/> begins; -1 where there is none.</summary>
    private static int Before(ReadOnlySpan<byte> name, int start) => start < 2 ? -1 : name[..(start - 1)].LastIndexOf((byte)'.') + 1;

    /// <summary>Whether a trusted list holds the name or a parent of it. Allocates nothing.</summary>
    public bool IsTrustedDomain(ReadOnlySpan<byte> name) => _trusted[_names.Find(name)];

    /// <summary>Bytes that the look-up structures for listed addresses and names hold on the heap.</summary>
    public long LookupBytes => (_v4?.Bytes ?? 0) + _v6.Bytes + _names.Bytes;

    private int SetOf(IpAddress address) => address.IsV4 ? _v4?.Find(address.V4) ?? 0 : _v6.Find(address);

    private ThreatMatch Match(int[] set) =>
        set.Length == 0 ? default : new(Union(set.Select(list => Lists[list])), set.Select(list => Lists[list]).ToArray());

    private static ThreatCategory Union(IEnumerable<ThreatList> lists) =>
        lists.Aggregate(ThreatCategory.None, (union, list) => union | list.Category);

    private static string HashOf(IReadOnlyList<ThreatList> lists, IEnumerable<string?> others)
    {
        var lines = lists.Select(l => $"{l.Sha256} {(int)l.Category} {l.Name} {l.ThreatName}").Concat(others.OfType<string>())
            .Order(StringComparer.Ordinal).ToArray();
        return lines.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }
}
