namespace Yagura.Logs.Text;

/// <summary>Recognises text logs of AWS that are named in the summary and not read yet.</summary>
internal static class OtherLogs
{
    /// <summary>A line of an access log of an application, network or classic load balancer.</summary>
    /// <remarks><code>
    /// https 2018-07-02T22:23:00.186641Z app/my-lb/50dc6c495c0c9188 192.0.2.10:2817 10.0.0.1:80 …
    /// tls 2.0 2018-12-20T02:59:40 net/my-nlb/c6e77e28c25b2234 …
    /// 2015-05-13T23:39:43.945958Z my-lb 192.0.2.10:2817 10.0.0.1:80 …
    /// </code>
    /// Source: Elastic Load Balancing user guides, "Access logs".</remarks>
    public static bool IsLoadBalancer(ReadOnlySpan<byte> line)
    {
        var first = Word(ref line);
        var second = Word(ref line);
        var third = Word(ref line);
        return IsTime(first, 'T') ? third.LastIndexOf((byte)':') > 0
            : IsKind(first) && (IsTime(second, 'T') || (first.SequenceEqual("tls"u8) && IsTime(third, 'T')));
    }

    private static bool IsKind(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("http"u8) || word.SequenceEqual("https"u8) || word.SequenceEqual("h2"u8) || word.SequenceEqual("grpcs"u8)
        || word.SequenceEqual("ws"u8) || word.SequenceEqual("wss"u8) || word.SequenceEqual("tls"u8);

    /// <summary>A line of a PostgreSQL log as RDS writes it: <c>2024-05-01 10:00:00 UTC:192.0.2.10(55555):alice@orders:[123]:LOG:  …</c></summary>
    public static bool IsDatabase(ReadOnlySpan<byte> line) => line.Length > 24 && IsTime(line[..19], ' ') && line[19..].StartsWith(" UTC:"u8);

    private static bool IsTime(ReadOnlySpan<byte> text, char between) =>
        text.Length >= 19 && text[4] == '-' && text[7] == '-' && text[10] == between && text[13] == ':' && text[16] == ':'
        && !text[..4].ContainsAnyExceptInRange((byte)'0', (byte)'9') && !text[17..19].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static ReadOnlySpan<byte> Word(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)' ');
        var word = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return word;
    }
}
