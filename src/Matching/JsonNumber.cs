using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Yagura.Matching;

/// <summary>A JSON number as sign, whole digits and a power of ten, so that <c>300</c>, <c>3.0e2</c> and <c>300.0</c> are one and numbers are told apart to their last digit.</summary>
/// <param name="Digits">Without trailing zeros; 0 for zero, whose sign and power are plain.</param>
internal readonly record struct JsonNumber(bool Negative, ulong Digits, int Power)
{
    private const int ShortText = 64, Padding = 8;
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
        if (json.IsEmpty || (json[0] != '-' && !char.IsAsciiDigit((char)json[0]))) return false; // most texts, however long
        Span<byte> text = stackalloc byte[ShortText + Padding];
        if (json.Length > ShortText) text = new byte[json.Length + Padding];
        else text.Clear();
        json.CopyTo(text);
        var length = Read(ref MemoryMarshal.GetReference(text), out number, out var held);
        valid = length == json.Length && length > 0;
        return valid && held;
    }

    /// <summary>Reads the number that stands at a byte.</summary>
    /// <param name="at">What follows the number is no digit, letter, sign or dot, and eight bytes behind it can be read.</param>
    /// <param name="held">False as with <see cref="TryParse"/>.</param>
    /// <returns>How many bytes the number has; 0 where there is none.</returns>
    public static int Read(ref byte at, out JsonNumber number, out bool held)
    {
        number = default;
        held = false;
        var i = at == '-' ? 1 : 0;
        var start = i;
        ulong digits = 0;
        for (uint digit; (digit = (uint)(Unsafe.Add(ref at, i) - '0')) <= 9; i++) digits = digits * 10 + digit;
        var count = i - start;
        if (count == 0 || (count > 1 && Unsafe.Add(ref at, start) == '0')) return 0;
        var power = 0;
        if (Unsafe.Add(ref at, i) == '.')
        {
            var fraction = ++i;
            for (ulong word; AreDigits(word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, i))); i += 8) digits = digits * 100_000_000 + Eight(word);
            for (uint digit; (digit = (uint)(Unsafe.Add(ref at, i) - '0')) <= 9; i++) digits = digits * 10 + digit;
            if (i == fraction) return 0;
            power = fraction - i;
            count -= power;
        }
        var last = Unsafe.Add(ref at, i - 1);
        if ((Unsafe.Add(ref at, i) | 0x20) == 'e')
        {
            i++;
            var isNegative = Unsafe.Add(ref at, i) == '-';
            if (isNegative || Unsafe.Add(ref at, i) == '+') i++;
            var exponent = i;
            var written = 0;
            for (uint digit; (digit = (uint)(Unsafe.Add(ref at, i) - '0')) <= 9; i++) written = Math.Min(written * 10 + (int)digit, 100_000_000);
            if (i == exponent) return 0;
            power += isNegative ? -written : written;
        }
        held = count <= MostDigits ? Whole(digits, last, at == '-', power, out number) : Long(ref at, i, power, out number);
        return i;
    }

    private static bool Whole(ulong digits, byte last, bool negative, int power, out JsonNumber number)
    {
        number = default;
        if (digits == 0) return true;
        if (last == '0')
        {
            for (; digits % 10 == 0; digits /= 10) power++;
        }
        number = new(negative, digits, power);
        return Math.Abs(power) <= LargestPower;
    }

    /// <summary>More digits than fit, of which those at either end may be zeros.</summary>
    private static bool Long(ref byte at, int length, int power, out JsonNumber number)
    {
        number = default;
        ulong digits = 0;
        int significant = 0, zeros = 0; // zeros: at the end so far, not yet in digits
        for (var i = 0; i < length && (Unsafe.Add(ref at, i) | 0x20) != 'e'; i++)
        {
            var digit = Unsafe.Add(ref at, i) - '0';
            if ((uint)digit <= 9 && !Take(digit, ref digits, ref significant, ref zeros)) return false;
        }
        if (digits == 0) return true;
        number = new(at == '-', digits, power + zeros);
        return Math.Abs(power + zeros) <= LargestPower;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreDigits(ulong word) =>
        (((word & 0xF0F0_F0F0_F0F0_F0F0) | (((word + 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) >> 4)) == 0x3333_3333_3333_3333);

    /// <summary>The number that eight digits are: pairs, then fours, then all, in one word each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Eight(ulong word)
    {
        word -= 0x3030_3030_3030_3030;
        word = word * 10 + (word >> 8);
        return ((word & 0x0000_00FF_0000_00FF) * (100 + (1_000_000UL << 32)) + ((word >> 16) & 0x0000_00FF_0000_00FF) * (1 + (10_000UL << 32))) >> 32;
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

    /// <summary>About this number, for comparisons that need not be exact.</summary>
    /// <param name="error">At most so far off; infinite where nothing is known.</param>
    public double Approximate(out double error)
    {
        if (Power is < -22 or > 22)
        {
            error = double.PositiveInfinity;
            return 0;
        }
        var value = Power < 0 ? Digits / PowersOfTen[-Power] : Digits * PowersOfTen[Power];
        error = value * 1e-15; // two roundings of half a unit in the last place each
        return Negative ? -value : value;
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

    public static bool IsNumber(string json)
    {
        _ = TryParse(Encoding.UTF8.GetBytes(json), out _, out var valid);
        return valid;
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
