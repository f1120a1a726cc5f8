namespace Yagura.Intel;

/// <summary>How a threat list is written: GuardDuty's six formats. <see cref="Txt"/> holds hosts files and plain lists of every kind too.</summary>
/// <remarks>Source: Amazon GuardDuty User Guide, "Working with trusted IP lists and threat lists".</remarks>
public enum ListFormat
{
    Txt,
    Stix,
    OtxCsv,
    AlienVault,
    ProofPoint,
    FireEye,
}

public static class ListFormats
{
    /// <summary>GuardDuty's word for the format, such as <c>OTX_CSV</c>.</summary>
    public static string Name(this ListFormat format) => format switch
    {
        ListFormat.Txt => "TXT",
        ListFormat.Stix => "STIX",
        ListFormat.OtxCsv => "OTX_CSV",
        ListFormat.AlienVault => "ALIEN_VAULT",
        ListFormat.ProofPoint => "PROOF_POINT",
        ListFormat.FireEye => "FIRE_EYE",
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>Reads GuardDuty's word, in any case, with <c>_</c> or <c>-</c>.</summary>
    public static bool TryParse(string text, out ListFormat format)
    {
        foreach (var candidate in Enum.GetValues<ListFormat>())
        {
            format = candidate;
            if (candidate.Name().Equals(text.Replace('-', '_'), StringComparison.OrdinalIgnoreCase)) return true;
        }
        format = default;
        return false;
    }

    /// <summary>Tells the format by its first lines; what has no mark of another format is <see cref="ListFormat.Txt"/>.</summary>
    public static ListFormat Recognise(ReadOnlySpan<byte> content)
    {
        foreach (var line in TextLines.Of(content.Length > 65_536 ? content[..65_536] : content))
        {
            var text = line.Text.TrimStart(" \t\""u8);
            if (text.IsEmpty) continue;
            if (text[0] == '<') return ListFormat.Stix;
            if (StartsWith(text, "reportId"u8) && text.Contains((byte)',')) return ListFormat.FireEye;
            if (StartsWith(text, "Indicator type"u8)) return ListFormat.OtxCsv;
            if ((StartsWith(text, "ip,"u8) || StartsWith(text, "domain,"u8)) && text.IndexOf("category"u8) > 0) return ListFormat.ProofPoint;
            if (text[0] is (byte)'#' or (byte)';') continue;
            return text.Count((byte)'#') == AlienVaultParts - 1 ? ListFormat.AlienVault : ListFormat.Txt;
        }
        return ListFormat.Txt;
    }

    /// <summary><c>value#reliability#risk#activity#country#city#lat,lon#count</c></summary>
    internal const int AlienVaultParts = 8;

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.Length >= word.Length && System.Text.Ascii.EqualsIgnoreCase(text[..word.Length], word);
}
