using System.Globalization;

namespace Yagura.Cli.Output;

/// <summary>Numbers with their noun.</summary>
internal static class Count
{
    /// <summary>"1 rule", "2,000 rules".</summary>
    public static string Of(long number, string noun) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {noun}{(number == 1 ? "" : "s")}");
}
