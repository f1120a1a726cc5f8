using System.Globalization;
using Yagura.Core.Findings;

namespace Yagura.Detectors;

/// <summary>Amounts as findings tell them.</summary>
public static class Amounts
{
    /// <summary>How some amounts were distributed; null where there are none.</summary>
    public static Quantiles? Quantiles(IEnumerable<double> amounts, string unit)
    {
        var sorted = amounts.Order().ToList();
        double At(double share) => sorted[(int)Math.Ceiling(share * sorted.Count) - 1];
        return sorted.Count == 0 ? null : new(sorted.Count, At(0.5), At(0.9), sorted[^1], unit);
    }

    /// <summary>Bytes as people read them: 312 MB, 4.7 GB.</summary>
    public static string Bytes(double bytes)
    {
        string[] units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
        var unit = 0;
        for (; bytes >= 1_000 && unit < units.Length - 1; unit++) bytes /= 1_000;
        return bytes.ToString(bytes < 10 && unit > 0 ? "0.#" : "0", CultureInfo.InvariantCulture) + " " + units[unit];
    }
}
