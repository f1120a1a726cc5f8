namespace Yagura.Detectors.Trojan.EC2;

/// <summary>How much data the names of a window can carry: what a tunnel cannot do without.</summary>
/// <remarks>
/// Only what is new in a name counts: what it has in common with the others (a session, the front of a counter) carries nothing. A character holds
/// as many bits as the names have different characters. A name that comes back after <see cref="Return"/> is a host and not a message.
/// </remarks>
/// <param name="Names">Different names that did not come back.</param>
/// <param name="Returned">Names that came back.</param>
/// <param name="Total">Bits of the whole window.</param>
/// <param name="Burst">Bits of its densest <see cref="BurstSpan"/>.</param>
/// <param name="Length">Characters of a name that look encoded, on average.</param>
/// <param name="Fresh">New bits of a name, on average.</param>
public readonly record struct CarriedBits(double Names, double Returned, double Total, double Burst, double Length, double Fresh)
{
    public static readonly TimeSpan BurstSpan = TimeSpan.FromMinutes(10);

    /// <summary>Retries of a query follow sooner, however slow the tunnel.</summary>
    public static readonly TimeSpan Return = TimeSpan.FromHours(1);

    private const double MostBitsOfCharacter = 6;

    // A look-up of a file by its hash, or of a thing by its UUID, is a question and no message; it takes many more of them to be one.
    private const double DigestShare = 1.0 / 8;
    private const int Md5 = 32, Sha1 = 40, Uuid = 36;

    public static CarriedBits Of(CarriedNames state)
    {
        var texts = state.Texts.Things.Select(text => text.Text).Order(StringComparer.Ordinal).ToList();
        var bitsOfCharacter = FreshBits(texts) / Math.Max(1, texts.Sum(text => text.Length));
        if (texts.TrueForAll(IsDigest)) bitsOfCharacter *= DigestShare;
        var scale = (double)state.Names.Count / Math.Max(1, state.Names.Kept);

        var once = state.Names.Things.Where(name => name.Last - name.First <= Return.Ticks).OrderBy(name => name.First).ToList();
        double total = 0, within = 0, burst = 0;
        var start = 0;
        foreach (var name in once)
        {
            total += name.Length;
            within += name.Length;
            while (name.First - once[start].First > BurstSpan.Ticks) within -= once[start++].Length;
            burst = Math.Max(burst, within);
        }
        var bits = bitsOfCharacter * scale;
        return new(
            once.Count * scale, (state.Names.Kept - once.Count) * scale, total * bits, burst * bits,
            once.Count == 0 ? 0 : total / once.Count, once.Count == 0 ? 0 : total * bitsOfCharacter / once.Count);
    }

    /// <summary>The bits in what each text has in common with none of the others at its front or its end.</summary>
    private static double FreshBits(List<string> texts)
    {
        var characters = new HashSet<char>();
        var fresh = 0;
        for (var i = 0; i < texts.Count; i++)
        {
            int front = 0, end = 0;
            for (var other = 0; other < texts.Count; other++)
            {
                if (other == i) continue;
                front = Math.Max(front, CommonFront(texts[i], texts[other]));
                end = Math.Max(end, CommonEnd(texts[i], texts[other]));
            }
            if (front + end >= texts[i].Length) continue;
            fresh += texts[i].Length - front - end;
            characters.UnionWith(texts[i][front..^end]);
        }
        return fresh * Math.Min(MostBitsOfCharacter, Math.Log2(Math.Max(2, characters.Count)));
    }

    private static int CommonFront(ReadOnlySpan<char> one, ReadOnlySpan<char> other) => one.CommonPrefixLength(other);

    private static int CommonEnd(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        var length = 0;
        while (length < one.Length && length < other.Length && one[^(length + 1)] == other[^(length + 1)]) length++;
        return length;
    }

    private static bool IsDigest(string text) => text.Length switch
    {
        Md5 or Sha1 => text.All(char.IsAsciiHexDigit),
        Uuid => Guid.TryParseExact(text, "D", out _),
        _ => false,
    };
}
