namespace Yagura.Fuzz.Tests;

/// <summary>Damages good input in the ways that files get damaged and that attackers damage them.</summary>
/// <param name="seeds">At least one; the same seeds and the same random state give the same bytes.</param>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, Random random)
{
    public const int LargestInput = 96 << 10;

    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "\"", "\\", "{", "}", "[", "]", ",", ":", "\n", "\r\n", "\t", " ", "\0", "\\u0000", "\\ud800", "\\udc00", "\\", "null", "true", "-", "-0", "1e999", "1e-999", "0x1",
            "99999999999999999999999999", "-9223372036854775808", "18446744073709551616", "4294967296", "65536", "\uFEFF", "\u2028", "Records", "{\"Records\":[",
            "{\"logEvents\":[", "{\"Events\":[", "\"CloudTrailEvent\":\"", "\"detail\":{", "\"message\":\"", "eventTime", "2026-99-99T99:99:99Z", "9999-12-31T23:59:59Z",
            "0001-01-01T00:00:00Z", "NODATA", "SKIPDATA", "version account-id", "255.255.255.255", "::ffff:0.0.0.0", "fe80::1%eth0", "0.0.0.0/0", "::/0", "999.1.1.1", "010.0.0.1",
            "<!DOCTYPE x [<!ENTITY a \"b\">]>", "&a;", "<![CDATA[", "xn--", "..", "*.", "\"\"", "'", ";", "#", "PAR1", "%00", "%",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x1F, 0x8B, 0x08], [0x28, 0xB5, 0x2F, 0xFD],
    ];

    public byte[] Next()
    {
        var input = new List<byte>(seeds[random.Next(seeds.Count)]);
        for (var left = 1 + random.Next(6); left > 0; left--) Mutate(input);
        if (input.Count > LargestInput) input.RemoveRange(LargestInput, input.Count - LargestInput);
        return [.. input];
    }

    private void Mutate(List<byte> input)
    {
        var at = random.Next(input.Count + 1);
        switch (random.Next(10))
        {
            case 0 when at < input.Count: input[at] ^= (byte)(1 << random.Next(8)); break;
            case 1 when at < input.Count: input[at] = (byte)random.Next(256); break;
            case 2: input.InsertRange(at, Tokens[random.Next(Tokens.Length)]); break;
            case 3: Replace(input, at, Tokens[random.Next(Tokens.Length)]); break;
            case 4: input.RemoveRange(at, Math.Min(input.Count - at, Length())); break;
            case 5: input.InsertRange(at, input.GetRange(at, Math.Min(input.Count - at, Length()))); break;
            case 6: input.RemoveRange(at, input.Count - at); break;
            case 7: Splice(input, at); break;
            case 8: Repeat(input, at, Tokens[random.Next(Tokens.Length)]); break;
            default: ReplaceNumber(input, at); break;
        }
    }

    // Short mostly, long now and then.
    private int Length() => 1 + random.Next(random.Next(4) == 0 ? 4_000 : 20);

    private static void Replace(List<byte> input, int at, byte[] token)
    {
        input.RemoveRange(at, Math.Min(token.Length, input.Count - at));
        input.InsertRange(at, token);
    }

    private void Splice(List<byte> input, int at)
    {
        var other = seeds[random.Next(seeds.Count)];
        var from = random.Next(other.Length + 1);
        input.InsertRange(at, other.AsSpan(from, Math.Min(other.Length - from, Length())).ToArray());
    }

    private void Repeat(List<byte> input, int at, byte[] token)
    {
        for (var times = random.Next(2_000); times > 0 && input.Count < LargestInput; times--) input.InsertRange(at, token);
    }

    private void ReplaceNumber(List<byte> input, int at)
    {
        while (at < input.Count && !char.IsAsciiDigit((char)input[at])) at++;
        var end = at;
        while (end < input.Count && char.IsAsciiDigit((char)input[end])) end++;
        input.RemoveRange(at, end - at);
        input.InsertRange(at, System.Text.Encoding.ASCII.GetBytes(random.Next(4) switch { 0 => "0", 1 => "-1", 2 => new string('9', 1 + random.Next(40)), _ => random.NextInt64().ToString() }));
    }
}
