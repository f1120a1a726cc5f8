namespace Yagura.Intel;

/// <summary>What one list may cost. A list over <see cref="Bytes"/> is not used; lines over the other limits are rejected and counted.</summary>
/// <param name="Bytes">Of the list, decompressed.</param>
/// <param name="Entries">Addresses, names and keys together.</param>
/// <param name="LineLength">Bytes of one line.</param>
public sealed record ListLimits(int Bytes, int Entries, int LineLength)
{
    /// <summary>For the organisation's own lists, as GuardDuty has them: 35 MB, 250,000 entries.</summary>
    public static ListLimits Own { get; } = new(35_000_000, 250_000, 65_536);

    /// <summary>For published feeds: 256 MB, 4 million entries.</summary>
    public static ListLimits Feed { get; } = new(256_000_000, 4_000_000, 65_536);

    /// <summary>The widest IPv4 entry is a /8: anything wider is a mistake that would find, or trust, everything.</summary>
    public static UInt128 WidestV4 => (UInt128.One << 24) - 1;

    /// <summary>The widest IPv6 entry is a /16, for the same reason.</summary>
    public static UInt128 WidestV6 => (UInt128.One << 112) - 1;

    /// <summary>How many rejected lines of a list are kept to be shown; all are counted.</summary>
    public const int ShownRejects = 5;
}
