using Yagura.Core.Findings;

namespace Yagura.Storage.Embedded.Index;

/// <summary>What every finding has, and most findings have another value of: kept as one number for each finding.</summary>
internal enum FindingColumn { Updated, Created, FirstSeen, LastSeen, Count, Severity }

internal static class FindingColumns
{
    public const int Number = 6;

    /// <summary>The column of a field; null where the field is none.</summary>
    public static FindingColumn? Of(string field) => field switch
    {
        "updatedAt" => FindingColumn.Updated,
        "createdAt" => FindingColumn.Created,
        "service.eventFirstSeen" => FindingColumn.FirstSeen,
        "service.eventLastSeen" => FindingColumn.LastSeen,
        "service.count" => FindingColumn.Count,
        "severity" => FindingColumn.Severity,
        _ => null,
    };

    /// <summary>As it is kept: times in milliseconds, the severity so that its order is that of whole numbers.</summary>
    public static long Read(FindingColumn column, Finding finding) => column switch
    {
        FindingColumn.Updated => finding.UpdatedAt.ToUnixTimeMilliseconds(),
        FindingColumn.Created => finding.CreatedAt.ToUnixTimeMilliseconds(),
        FindingColumn.FirstSeen => finding.Service.EventFirstSeen.ToUnixTimeMilliseconds(),
        FindingColumn.LastSeen => finding.Service.EventLastSeen.ToUnixTimeMilliseconds(),
        FindingColumn.Count => finding.Service.Count,
        FindingColumn.Severity => Keep(finding.Severity),
    };

    /// <summary>As criteria see it: without its fraction.</summary>
    public static long Whole(FindingColumn column, long kept) => column == FindingColumn.Severity ? (long)Severity(kept) : kept;

    public static long Keep(double severity) => BitConverter.DoubleToInt64Bits(severity);

    public static double Severity(long kept) => BitConverter.Int64BitsToDouble(kept);
}
