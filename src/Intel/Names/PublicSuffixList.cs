using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Yagura.Intel;

/// <summary>Below which names anybody may register one of their own, by the rules of publicsuffix.org (both its ICANN and its private part).</summary>
/// <remarks>Rules are lines: <c>co.uk</c>, <c>*.ck</c> (every name directly below), <c>!www.ck</c> (but not this one); <c>//</c> starts a comment.
/// Names outside ASCII are kept in their <c>xn--</c> form, as they stand in logs.</remarks>
public sealed class PublicSuffixList
{
    [Flags]
    private enum Rule : byte
    {
        None = 0,
        Suffix = 1,
        Wildcard = 2,
        Exception = 4,
    }

    /// <summary>Second-level names that most country registries sell below; used only when no list is loaded.</summary>
    private const int CountryLength = 2;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> CountrySecondLevels = FrozenSet.Create(StringComparer.Ordinal,
        "ac", "ad", "co", "com", "ed", "edu", "go", "gob", "gov", "gr", "lg", "mil", "ne", "net", "nom", "or", "org", "sch").GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly FrozenDictionary<string, Rule>.AlternateLookup<ReadOnlySpan<char>> _rules;

    private PublicSuffixList(Dictionary<string, Rule> rules, int count, string sha256)
    {
        _rules = rules.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        Count = count;
        Sha256 = sha256;
    }

    /// <summary>What is used without a list: the last label, and below a country of two letters the usual second levels (<c>co.uk</c>,
    /// <c>or.jp</c>). It knows no private suffix and is wrong for the rarer registries.</summary>
    public static PublicSuffixList BuiltIn { get; } = new([], 0, "");

    /// <summary>Number of rules; 0 for <see cref="BuiltIn"/>.</summary>
    public int Count { get; }

    /// <summary>Of the list's bytes, lower-case hex.</summary>
    public string Sha256 { get; }

    /// <summary>Reads the list's text; lines that are no rule are left out.</summary>
    public static PublicSuffixList Parse(ReadOnlySpan<byte> content)
    {
        var rules = new Dictionary<string, Rule>(StringComparer.Ordinal);
        var idn = new IdnMapping();
        var count = 0;
        foreach (var line in TextLines.Of(content))
        {
            var text = line.Text.Trim(" \t"u8);
            if (text.IndexOfAny((byte)' ', (byte)'\t') is var blank and >= 0) text = text[..blank];
            if (text.IsEmpty || text.StartsWith("//"u8) || text.Length > NameTable.LongestName) continue;
            var kind = text[0] == '!' ? Rule.Exception : text.StartsWith("*."u8) ? Rule.Wildcard : Rule.Suffix;
            var mark = kind switch { Rule.Exception => 1, Rule.Wildcard => 2, _ => 0 };
            if (ToAscii(Encoding.UTF8.GetString(text[mark..]), idn) is not { } key) continue;
            rules[key] = rules.GetValueOrDefault(key) | kind;
            count++;
        }
        return new(rules, count, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    /// <summary>The registrable domain (<c>example.co.jp</c> of <c>a.b.example.co.jp</c>) in lower case without a final dot; the name
    /// itself when it is an address, a public suffix, empty or longer than a name can be.</summary>
    public string RegistrableDomain(string name)
    {
        name = (name.EndsWith('.') ? name[..^1] : name).ToLowerInvariant();
        return name.Length > NameTable.LongestName || Yagura.Core.IpAddress.TryParse(name, out _) ? name : name[StartOfRegistrable(name)..];
    }

    /// <summary>Where the registrable domain begins within a name. Allocates nothing.</summary>
    /// <param name="name">In lower case, without a final dot; no address.</param>
    internal int StartOfRegistrable(ReadOnlySpan<char> name)
    {
        var previous = -1; // where the name one label longer than the current one starts
        for (var start = 0; start >= 0; (previous, start) = (start, Next(name, start)))
        {
            var candidate = name[start..];
            if (_rules.TryGetValue(candidate, out var rule) && Has(rule, Rule.Exception)) return start;
            if (Has(rule, Rule.Suffix) || IsBelowWildcard(candidate) || IsUsual(candidate)) break;
            if (Next(name, start) < 0) break; // the last label: a top-level name that no rule knows is a suffix too
        }
        return Math.Max(previous, 0);
    }

    /// <summary>Labels at the end of a name among which its registrable domain is found, as far as the rules tell; the rest need not be looked at.</summary>
    /// <param name="last">Characters of the last label.</param>
    internal int MostLabels(int last) => Count > 0 ? int.MaxValue : last == CountryLength ? 3 : 2;

    private bool IsBelowWildcard(ReadOnlySpan<char> candidate) =>
        candidate.IndexOf('.') is var dot and >= 0 && _rules.TryGetValue(candidate[(dot + 1)..], out var above) && Has(above, Rule.Wildcard);

    private static bool Has(Rule rule, Rule part) => (rule & part) != Rule.None;

    private bool IsUsual(ReadOnlySpan<char> candidate) =>
        Count == 0 && candidate.IndexOf('.') is var dot and >= 0 && candidate.Length - dot - 1 == CountryLength
        && CountrySecondLevels.Contains(candidate[..dot]);

    private static int Next(ReadOnlySpan<char> name, int start) => name[start..].IndexOf('.') is var dot and >= 0 ? start + dot + 1 : -1;

    private static string? ToAscii(string name, IdnMapping idn)
    {
        if (Ascii.IsValid(name)) return name.ToLowerInvariant();
        try
        {
            return idn.GetAscii(name);
        }
        catch (ArgumentException) // how IdnMapping says that a name has no such form
        {
            return null;
        }
    }
}
