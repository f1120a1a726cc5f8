namespace Yagura.Logs.S3Access;

/// <summary>Walks over a line; a field that is not there reads as empty.</summary>
internal ref struct S3AccessFields(ReadOnlySpan<byte> rest)
{
    private ReadOnlySpan<byte> _rest = rest;

    public ReadOnlySpan<byte> Word(bool bracketed = false)
    {
        var end = -1;
        if (bracketed)
        {
            end = _rest.IndexOf((byte)']') + 1;
            if (end == 0 || (end < _rest.Length && _rest[end] != ' ')) return default;
        }
        else
        {
            end = _rest.IndexOf((byte)' ');
            if (end < 0) end = _rest.Length;
        }
        var word = _rest[..end];
        _rest = end < _rest.Length ? _rest[(end + 1)..] : default;
        return word;
    }

    /// <summary>Passes over the request URI: it may hold quotes, so its end is the first quote behind which six fields of the right shape and the
    /// referer begin.</summary>
    /// <param name="numbers">At the status.</param>
    public bool TryRequest(out S3AccessFields numbers)
    {
        numbers = default;
        if (_rest.StartsWith("- "u8)) return TryNumbers(at: 0, out numbers);
        if (_rest is not [(byte)'"', ..]) return false;
        for (var at = 1; ; at++)
        {
            var next = _rest[at..].IndexOf("\" "u8);
            if (next < 0) return false;
            at += next;
            if (TryNumbers(at, out numbers)) return true;
        }
    }

    /// <param name="at">Where the request URI's last character is, with a space behind it.</param>
    private bool TryNumbers(int at, out S3AccessFields numbers)
    {
        var behind = numbers = new S3AccessFields(_rest[(at + 2)..]);
        if (!behind.IsNumber(3) || behind.Word().IsEmpty || !behind.IsNumber(19) || !behind.IsNumber(19) || !behind.IsNumber(19) || !behind.IsNumber(19)
            || behind._rest is not [(byte)'"' or (byte)'-', ..]) return false;
        _rest = behind._rest;
        return true;
    }

    private bool IsNumber(int most) => Word() is { Length: > 0 } word && (S3AccessReader.IsNothing(word) || (word.Length <= most && !word.ContainsAnyExceptInRange((byte)'0', (byte)'9')));

    /// <summary>What has not been walked over yet.</summary>
    public ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Referer and user agent: both may hold quotes; nothing behind them does, so the last quote of the line closes the agent, and the first
    /// quote, space, quote lies between the two.</summary>
    public bool TryAgent(out ReadOnlySpan<byte> agent)
    {
        agent = default;
        if (_rest is not [(byte)'"', ..])
        {
            Word();
            if (_rest is not [(byte)'"', ..]) return S3AccessReader.IsNothing(Word());
            return TryClosing(_rest, out agent);
        }
        var last = _rest.LastIndexOf((byte)'"');
        if (last == 0 || !(last == _rest.Length - 1 || _rest[last + 1] == ' ')) return false;
        var between = _rest[1..last].IndexOf("\" \""u8);
        if (between >= 0)
        {
            agent = _rest[(between + 4)..last];
            return true;
        }
        return _rest[(last + 1)..] is [(byte)' ', (byte)'-'] or [(byte)' ', (byte)'-', (byte)' ', ..];
    }

    private static bool TryClosing(ReadOnlySpan<byte> quoted, out ReadOnlySpan<byte> agent)
    {
        var last = quoted.LastIndexOf((byte)'"');
        agent = last > 0 ? quoted[1..last] : default;
        return last > 0 && (last == quoted.Length - 1 || quoted[last + 1] == ' ');
    }
}
