using System.Globalization;

namespace Yagura.Matching.Sigma.Yaml;

/// <summary>What a scalar stands for.</summary>
internal abstract record ScalarValue
{
    public sealed record Null : ScalarValue;

    public sealed record Flag(bool Value) : ScalarValue;

    /// <param name="Written">As in the file, such as <c>9007199254740993</c>.</param>
    public sealed record Number(double Value, string Written) : ScalarValue;

    public sealed record Text(string Value) : ScalarValue;
}

/// <summary>Tells texts, numbers, flags and null apart.</summary>
/// <remarks>YAML 1.2's core schema (yaml.org, section 10.3.2), with two exceptions where it surprises: digits that begin with 0 stay a text, since they are
/// account numbers and dates, and <c>yes</c>, <c>no</c>, <c>on</c>, <c>off</c>, which YAML 1.1 takes for flags, are texts with a warning.</remarks>
internal static class YamlScalars
{
    public static ScalarValue Read(YamlScalar scalar, ProblemList problems)
    {
        var text = scalar.Text;
        if (!scalar.IsPlain) return new ScalarValue.Text(text);
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL": return new ScalarValue.Null();
            case "true" or "True" or "TRUE": return new ScalarValue.Flag(true);
            case "false" or "False" or "FALSE": return new ScalarValue.Flag(false);
        }
        if (IsFlagElsewhere(text)) problems.Warn(scalar.Place, $"{text} is taken for a text here, and for a flag by other readers of YAML", $"write '{text}' or {(text[0] is 'y' or 'Y' || text.Equals("on", StringComparison.OrdinalIgnoreCase) ? "true" : "false")}");
        if (!IsNumber(text)) return new ScalarValue.Text(text);
        var digits = text.TrimStart('-', '+');
        if (digits.Length > 1 && digits[0] == '0' && digits[1] != '.')
        {
            if (digits[1] is 'x') return Hexadecimal(text);
            problems.Warn(scalar.Place, $"{text} begins with 0 and is taken for a text", $"write '{text}'");
            return new ScalarValue.Text(text);
        }
        return new ScalarValue.Number(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture), text.TrimStart('+'));
    }

    private static ScalarValue Hexadecimal(string text) =>
        ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? new ScalarValue.Number(value, value.ToString(CultureInfo.InvariantCulture))
            : new ScalarValue.Text(text);

    private static bool IsFlagElsewhere(string text) =>
        text.Length <= 3 && (text.Equals("yes", StringComparison.OrdinalIgnoreCase) || text.Equals("no", StringComparison.OrdinalIgnoreCase)
            || text.Equals("on", StringComparison.OrdinalIgnoreCase) || text.Equals("off", StringComparison.OrdinalIgnoreCase));

    private static bool IsNumber(string text)
    {
        if (text.StartsWith("0x", StringComparison.Ordinal)) return text.Length > 2;
        var rest = text.AsSpan();
        if (rest.Length > 0 && rest[0] is '-' or '+') rest = rest[1..];
        return rest.Length > 0 && rest.IndexOfAnyExcept("0123456789.eE+-") < 0 && (char.IsAsciiDigit(rest[0]) || rest[0] == '.')
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value);
    }
}
