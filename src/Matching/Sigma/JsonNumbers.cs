using System.Globalization;
using Yagura.Matching.Conditions;

namespace Yagura.Matching.Sigma;

/// <summary>Numbers of a rule as tests of JSON numbers.</summary>
internal static class JsonNumbers
{
    private const int Longest = 30;

    /// <summary>The test for a text that JSON would write as a number in the same way; null for any other text, such as <c>007</c>.</summary>
    public static Test? AsNumber(string text)
    {
        if (text.Length is 0 or > Longest || text.AsSpan().IndexOfAnyExcept("0123456789.-") >= 0) return null;
        var digits = text.StartsWith('-') ? text.AsSpan(1) : text;
        if (digits.IsEmpty || !char.IsAsciiDigit(digits[0]) || !char.IsAsciiDigit(digits[^1]) || (digits.Length > 1 && digits[0] == '0' && digits[1] != '.')) return null;
        return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? Exactly(value, text) : null;
    }

    /// <summary>A number that a double holds is compared by its value, any other by its spelling.</summary>
    public static Test Exactly(double value, string written)
    {
        if (!JsonNumber.IsNumber(written)) return new Test.Number(value); // .5 and 5. are numbers of YAML only
        return JsonNumber.TryHeld(written, out var held) ? new Test.Number(held) : new Test.Literal(written);
    }
}
