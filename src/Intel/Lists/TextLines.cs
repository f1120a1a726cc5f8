namespace Yagura.Intel;

/// <summary>The lines of a text with their numbers, from 1; a byte order mark and carriage returns are left out.</summary>
internal static class TextLines
{
    public static Enumerator Of(ReadOnlySpan<byte> content) => new(content.StartsWith("\uFEFF"u8) ? content[3..] : content);

    public readonly ref struct Line(ReadOnlySpan<byte> text, int number)
    {
        public ReadOnlySpan<byte> Text { get; } = text;
        public int Number { get; } = number;
    }

    public ref struct Enumerator(ReadOnlySpan<byte> content)
    {
        private ReadOnlySpan<byte> _rest = content;
        private ReadOnlySpan<byte> _line;
        private int _number;

        public readonly Line Current => new(_line, _number);

        public readonly Enumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rest.IsEmpty) return false;
            var end = _rest.IndexOf((byte)'\n');
            _line = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            if (_line.EndsWith((byte)'\r')) _line = _line[..^1];
            _number++;
            return true;
        }
    }
}
