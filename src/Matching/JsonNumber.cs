using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Yagura.Matching;

/// <summary>A JSON number as sign, whole digits and a power of ten, so that <c>300</c>, <c>3.0e2</c> and <c>300.0</c> are one and numbers are told apart to their last digit.</summary>
/// <param name="Digits">Without trailing zeros; 0 for zero, whose sign and power are plain.</param>
internal readonly record struct JsonNumber(bool Negative, ulong Digits, int Power)
{
    private const int MostDigits = 19; // as many as a ulong surely holds; a double gives back at most 17

    /// <summary>Powers beyond these are no double's.</summary>
    private const int LargestPower = 400;

    /// <summary>Reads a number that a double may hold.</summary>
    /// <param name="valid">False where the bytes are no JSON number at all.</param>
    /// <returns>False for more digits or a larger power than a double has: such a number can only be compared as it is spelled.</returns>
    public static bool TryParse(ReadOnlySpan<byte> json, out JsonNumber number, out bool valid)
    {
        number = default;
        valid = false;
        var at = 0;
        var negative = json.Length > 0 && json[0] == '-';
        if (negative) at++;
        var start = at;
        ulong digits = 0;
        int significant = 0, power = 0, zeros = 0; // zeros: trailing, not yet in digits
        var fits = true;
        for (; at < json.Length && (uint)(json[at] - '0') <= 9; at++) fits &= Take(json[at] - '0', ref digits, ref significant, ref zeros);
        if (at == start || (json[start] == '0' && at - start > 1)) return false;
        if (at < json.Length && json[at] == '.')
        {
            var fraction = ++at;
            for (; at < json.Length && (uint)(json[at] - '0') <= 9; at++) fits &= Take(json[at] - '0', ref digits, ref significant, ref zeros);
            if (at == fraction) return false;
            power = fraction - at;
        }
        if (at < json.Length && (json[at] | 0x20) == 'e')
        {
            at++;
            var negativePower = at < json.Length && json[at] == '-';
            if (at < json.Length && json[at] is (byte)'-' or (byte)'+') at++;
            var exponent = at;
            var written = 0;
            for (; at < json.Length && (uint)(json[at] - '0') <= 9; at++) written = Math.Min(written * 10 + (json[at] - '0'), 100_000_000);
            if (at == exponent) return false;
            power += negativePower ? -written : written;
        }
        if (at != json.Length) return false;
        valid = true;
        if (digits == 0)
        {
            number = default;
            return fits;
        }
        power += zeros;
        number = new(negative, digits, power);
        return fits && Math.Abs(power) <= LargestPower;
    }

    private static bool Take(int digit, ref ulong digits, ref int significant, ref int zeros)
    {
        if (digit == 0)
        {
            if (digits != 0) zeros++;
            return true;
        }
        significant += digits == 0 ? 1 : zeros + 1;
        if (significant > MostDigits) return false;
        for (; zeros > 0; zeros--) digits *= 10;
        digits = digits * 10 + (ulong)digit;
        return true;
    }

    /// <summary>The double that is this number, where one gives it back as it is.</summary>
    public bool TryDouble(out double value)
    {
        if (Digits < 1_000_000_000_000_000 && Power is >= -22 and <= 22)
        {
            // Fifteen digits always come back, and one operation on two exact doubles rounds once.
            value = Power < 0 ? Digits / PowersOfTen[-Power] : Digits * PowersOfTen[Power];
            if (Negative) value = -value;
            return true;
        }
        Span<byte> text = stackalloc byte[48];
        value = 0;
        if (!Write(text, out var length) || !Utf8Parser.TryParse(text[..length], out value, out _) || !double.IsFinite(value)) return false;
        return value.TryFormat(text, out length, "R", CultureInfo.InvariantCulture) && TryParse(text[..length], out var back, out _) && back == this;
    }

    private bool Write(Span<byte> text, out int length)
    {
        length = 0;
        if (Negative) text[length++] = (byte)'-';
        if (!Utf8Formatter.TryFormat(Digits, text[length..], out var written)) return false;
        length += written;
        text[length++] = (byte)'E';
        if (!Utf8Formatter.TryFormat(Power, text[length..], out written)) return false;
        length += written;
        return true;
    }

    /// <summary>The number that a double's shortest spelling names.</summary>
    public static JsonNumber Of(double value)
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        return TryParse(text[..length], out var number, out _) ? number : default;
    }

    /// <summary>True for a JSON number that a double gives back as it is.</summary>
    public static bool TryHeld(string json, out double value)
    {
        value = 0;
        return TryParse(Encoding.UTF8.GetBytes(json), out var number, out _) && number.TryDouble(out value);
    }

    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];
}
