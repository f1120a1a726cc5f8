using System.Security.Cryptography;

namespace Yagura.Intel;

/// <summary>Reads a list in any of the <see cref="ListFormat"/>s. Never throws on its content: what does not fit is counted.</summary>
public static class ThreatListReader
{
    /// <param name="name">Shown in findings as <c>threatListName</c>.</param>
    /// <param name="content">The list, decompressed; at most <see cref="ListLimits.Bytes"/>, which the caller sees to.</param>
    /// <param name="format">Null to recognise it by the content.</param>
    /// <param name="threatName">See <see cref="ThreatList"/>.</param>
    /// <param name="limits">Null for <see cref="ListLimits.Feed"/>.</param>
    public static ParsedList Read(
        string name, ThreatCategory category, ReadOnlySpan<byte> content, ListFormat? format = null, string? threatName = null, ListLimits? limits = null)
    {
        limits ??= ListLimits.Feed;
        var entries = new EntryReader(limits);
        var written = format ?? ListFormats.Recognise(content);
        switch (written)
        {
            case ListFormat.Txt: PlainText.Read(content, limits, entries); break;
            case ListFormat.Stix: StixXml.Read(content, entries); break;
            case ListFormat.AlienVault: PlainText.ReadAlienVault(content, limits, entries); break;
            case ListFormat.OtxCsv: IndicatorCsv.ReadOtx(content, limits, entries); break;
            case ListFormat.ProofPoint: IndicatorCsv.ReadColumns(content, limits, entries, ["ip", "domain"]); break;
            case ListFormat.FireEye: IndicatorCsv.ReadColumns(content, limits, entries, ["ip", "cidr", "domain", "sha256"]); break;
            default: throw new ArgumentOutOfRangeException(nameof(format));
        }
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        var list = new ThreatList(name, category, threatName, entries.Addresses.Count, entries.Names.Count, entries.Keys.Count, sha256);
        return new(list, written, entries.Addresses, entries.Names, entries.Keys, entries.Rejected, entries.FirstRejects);
    }
}
