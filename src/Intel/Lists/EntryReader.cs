using System.Text;

namespace Yagura.Intel;

/// <summary>Gathers the entries of one list: decides what a piece of text is, keeps it, or counts why it is nothing.</summary>
internal sealed class EntryReader(ListLimits limits)
{
    /// <summary>Longest access key identifier (IAM API Reference, AccessKeyId: 16 to 128).</summary>
    public const int LongestKey = 128;

    private readonly List<RejectedLine> _firstRejects = [];

    public List<AddressRange> Addresses { get; } = [];
    public List<ListedName> Names { get; } = [];
    public List<string> Keys { get; } = [];
    public int Rejected { get; private set; }
    public IReadOnlyList<RejectedLine> FirstRejects => _firstRejects;

    public void Reject(int line, string reason)
    {
        Rejected++;
        if (_firstRejects.Count < ListLimits.ShownRejects) _firstRejects.Add(new(line, reason));
    }

    /// <summary>An entry of any kind, with the decoration that lists put around it.</summary>
    public void Any(ReadOnlySpan<byte> text, int line)
    {
        text = text.Trim(" \t\""u8);
        if (text.IsEmpty) Reject(line, "no entry");
        else if (AddressRange.TryParse(text, out var range)) Address(range, line);
        else if (IsAccessKey(text)) Key(text, line);
        else if (IsHash(text)) Reject(line, "a file hash, which no analysed log carries");
        else if (TryHost(text, out var host) is { } reason) Reject(line, reason);
        else if (AddressRange.TryParse(host, out range)) Address(range, line);
        else Name(host, line);
    }

    public void Address(AddressRange range, int line)
    {
        var v4 = range.First.IsV4;
        if (!range.First.IsPublic || (!v4 && range.First.High == 0)) Reject(line, "not a public address");
        else if (range.Width > (v4 ? ListLimits.WidestV4 : ListLimits.WidestV6)) Reject(line, v4 ? "wider than a /8" : "wider than a /16");
        else if (HasRoom(line)) Addresses.Add(range);
    }

    public void Name(ReadOnlySpan<byte> text, int line)
    {
        var belowOnly = text.StartsWith("*."u8);
        if (belowOnly) text = text[2..];
        if (text.StartsWith((byte)'.')) text = text[1..];
        if (text.EndsWith((byte)'.')) text = text[..^1];
        if (WhyNoName(text) is { } reason) Reject(line, reason);
        else if (HasRoom(line)) Names.Add(new(Encoding.ASCII.GetString(text).ToLowerInvariant(), belowOnly));
    }

    private void Key(ReadOnlySpan<byte> text, int line)
    {
        if (HasRoom(line)) Keys.Add(Encoding.ASCII.GetString(text));
    }

    private bool HasRoom(int line)
    {
        if (Addresses.Count + Names.Count + Keys.Count < limits.Entries) return true;
        Reject(line, $"more than {limits.Entries} entries");
        return false;
    }

    /// <summary>Takes the host out of <c>http://host:port/</c>, <c>host:port</c> and <c>[v6]:port</c>.</summary>
    /// <returns>Why there is none, or null. A URL with a path accuses one page: its whole host may be anybody's.</returns>
    private static string? TryHost(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> host)
    {
        host = text;
        if (host.IndexOf("://"u8) is var scheme and > 0) host = host[(scheme + 3)..];
        if (host.EndsWith((byte)'/')) host = host[..^1];
        if (host.IndexOfAny("/?"u8) >= 0) return "a path, which says nothing of the whole host";
        if (host.StartsWith((byte)'[') && host.IndexOf((byte)']') is var close and > 0) host = host[1..close];
        else if (host.Count((byte)':') == 1) host = host[..host.IndexOf((byte)':')];
        return null;
    }

    /// <summary>AWS's form of an access key identifier: AKIA (long-lived) or ASIA (session) and capital letters and digits, 16 to 128 in all.</summary>
    private static bool IsAccessKey(ReadOnlySpan<byte> text) =>
        text.Length is >= 16 and <= LongestKey && (text.StartsWith("AKIA"u8) || text.StartsWith("ASIA"u8))
        && !text.ContainsAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"u8);

    /// <summary>MD5, SHA-1 or SHA-256 in hexadecimal.</summary>
    private static bool IsHash(ReadOnlySpan<byte> text) => text.Length is 32 or 40 or 64 && !text.ContainsAnyExcept("0123456789abcdefABCDEF"u8);

    private static string? WhyNoName(ReadOnlySpan<byte> text)
    {
        if (text.Length > NameTable.LongestName) return "longer than a name can be";
        if (!Ascii.IsValid(text)) return "a name outside ASCII; write its xn-- form";
        int label = 0, labels = 1;
        var digits = true; // the label so far is digits only
        foreach (var c in text)
        {
            if (c == '.')
            {
                if (label == 0) return "neither an address nor a name";
                label = 0;
                labels++;
                digits = true;
                continue;
            }
            if (!(char.IsAsciiLetterOrDigit((char)c) || c is (byte)'-' or (byte)'_') || ++label > 63) return "neither an address nor a name";
            digits &= char.IsAsciiDigit((char)c);
        }
        if (label == 0 || digits) return "neither an address nor a name"; // no top-level name is a number
        return labels < 2 ? "a name without a dot" : null;
    }
}
