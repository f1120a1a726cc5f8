namespace Yagura.Intel;

/// <summary>Tells labels that a person chose from such as a program made.</summary>
/// <remarks>
/// A label is weighed by two explanations. Chosen: the letters follow each other as in registered names, by a trigram table that was trained on
/// those (<c>label-model.bin</c>; see docs/label-model.md). Made: the letters were drawn evenly from one of a few alphabets, or consonants and vowels take turns.
/// What is returned is how many bits shorter the second one is: 0 is even, above 0 it rather was made. Nothing was learnt from generated names.
/// </remarks>
public static class LabelModel
{
    /// <summary>Letters, digits, and one symbol for the hyphen and all that is left.</summary>
    internal const int Symbols = 37;

    /// <summary>Stands before the first and after the last symbol of a label.</summary>
    internal const int Edge = Symbols;

    /// <summary>Symbols and the edge.</summary>
    internal const int Width = Symbols + 1;

    /// <summary>The table counts in this part of a bit.</summary>
    internal const int Unit = 16;

    private const string VowelLetters = "aeiouy";

    private static readonly byte[] Table = Read();
    private static readonly byte[] SymbolOf = [.. Enumerable.Range(0, 256).Select(SymbolOfByte)];
    private static readonly bool[] IsVowel = [.. Enumerable.Range(0, Symbols).Select(symbol => symbol < 26 && VowelLetters.Contains((char)('a' + symbol)))];

    /// <summary>Bits a symbol costs when it is drawn from an alphabet of so many.</summary>
    private static readonly double Hex = 4, Letters = Math.Log2(26), Alphanumeric = Math.Log2(36), Any = Math.Log2(Symbols), Vowel = Math.Log2(6), Consonant = Math.Log2(20);

    /// <summary>What the digits of a number cost at most, in the table's unit: people put numbers into names, and no number is odder than another.</summary>
    private const int FirstDigit = 6 * Unit, NextDigit = 55; // 3.4 bits, a little over log2(10)

    /// <summary>Bits to say which of the ways of making a label was taken.</summary>
    private const double Choice = 2;

    /// <summary>Bits by which "made" explains the label better than "chosen"; negative where it does worse. 0 for an empty label. Allocates nothing.</summary>
    /// <param name="label">Any bytes, letter case aside; dots are passed over, so it may be several labels.</param>
    public static double Made(ReadOnlySpan<byte> label)
    {
        int first = Edge, second = Edge, chosen = 0, length = 0, vowels = 0, digits = 0, others = 0;
        bool alternates = true, isHex = true;
        foreach (var character in label)
        {
            if (character == '.') continue;
            int symbol = SymbolOf[character];
            int cost = Table[(first * Width + second) * Width + symbol];
            chosen += IsDigit(symbol) ? Math.Min(cost, IsDigit(second) ? NextDigit : FirstDigit) : cost;
            if (symbol >= 26)
            {
                if (IsDigit(symbol)) digits++;
                else others++;
                alternates = false;
            }
            else
            {
                if (IsVowel[symbol]) vowels++;
                alternates &= length == 0 || IsVowel[symbol] != IsVowel[second];
            }
            isHex &= symbol < 6 || IsDigit(symbol);
            (first, second) = (second, symbol);
            length++;
        }
        if (length == 0) return 0;
        chosen += Table[(first * Width + second) * Width + Edge];
        var made = length * (isHex ? Hex : others > 0 ? Any : digits > 0 ? Alphanumeric : Letters);
        if (alternates) made = Math.Min(made, vowels * Vowel + (length - vowels) * Consonant);
        return chosen / (double)Unit - made - Choice;
    }

    private static bool IsDigit(int symbol) => symbol is >= 26 and < Symbols - 1;

    private static byte SymbolOfByte(int value) => value switch
    {
        >= 'a' and <= 'z' => (byte)(value - 'a'),
        >= 'A' and <= 'Z' => (byte)(value - 'A'),
        >= '0' and <= '9' => (byte)(value - '0' + 26),
        _ => Symbols - 1,
    };

    private static byte[] Read()
    {
        using var stream = typeof(LabelModel).Assembly.GetManifestResourceStream("Yagura.Intel.label-model.bin")!;
        var table = new byte[Width * Width * Width];
        stream.ReadExactly(table);
        return table;
    }
}
