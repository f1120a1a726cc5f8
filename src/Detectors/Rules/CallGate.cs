using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Text;
using Yagura.Logs;
using Yagura.Matching.Conditions;

namespace Yagura.Detectors.Rules;

/// <summary>Tells nearly every API call apart from those that some condition may be about, by a few fields that the reader has at hand.</summary>
/// <remarks>What a condition takes for granted of these fields is read off it (<see cref="RequiredTexts"/>); a call that lacks some of it for every condition
/// needs no further look. Texts are found by 64-bit hashes without regard to case: a call is let through by mistake at most once in 2^64, and never kept out.
/// Case is that of ASCII, in which all of AWS's words are: a condition that asks for another text is told by its other fields.</remarks>
internal sealed class CallGate
{
    private const int Longest = 256;

    /// <summary>The most selective one first: a condition is filed under the first that it asks for.</summary>
    private static readonly (string Path, ApiField Field)[] Fields =
    [
        ("eventName", ApiField.EventName), ("userIdentity.type", ApiField.UserType), ("eventType", ApiField.EventType), ("eventSource", ApiField.EventSource),
    ];

    private readonly File[] _files;
    private readonly bool _always;

    private CallGate(File[] files, bool always) => (_files, _always) = (files, always);

    public static CallGate Of(IReadOnlyList<Condition> conditions)
    {
        var needs = conditions.Select(Needs.Of).ToList();
        var files = needs.Where(one => one.Texts.Count > 0).GroupBy(one => one.Texts[0].Field).Select(file => File.Of(file.Key, file));
        return new([.. files], needs.Exists(one => one.Texts.Count == 0));
    }

    public bool MayMatter(ApiCall call)
    {
        if (_always) return true;
        foreach (var file in _files)
        {
            var text = call[file.Field];
            if (text is [(byte)'[', ..]) return true; // a list, which AWS does not write here: any of its texts may be the one
            if (!file.TryFind(text, out var filed)) continue;
            foreach (var needs in filed)
                if (needs.AreMet(call)) return true;
        }
        return false;
    }

    /// <returns>0 for a text that is none of the words: longer, or beyond ASCII.</returns>
    private static ulong Hash(ReadOnlySpan<byte> text)
    {
        Span<byte> lower = stackalloc byte[Longest];
        return text.Length <= Longest && Ascii.ToLower(text, lower, out var length) == System.Buffers.OperationStatus.Done ? XxHash3.HashToUInt64(lower[..length]) : 0;
    }

    /// <summary>The conditions that are told by one field.</summary>
    /// <param name="Lengths">A bit for each length that one of the texts has, modulo 64: most calls are turned away by it alone.</param>
    private sealed record File(ApiField Field, ulong Lengths, Dictionary<ulong, Needs[]> ByText)
    {
        public static File Of(ApiField field, IEnumerable<Needs> conditions)
        {
            var filed = conditions.SelectMany(needs => needs.Texts[0].Texts.Select(text => (text, needs))).ToList();
            return new(
                field, filed.Aggregate(0UL, (lengths, one) => lengths | 1UL << one.text.Length),
                filed.GroupBy(one => Hash(one.text), one => one.needs).ToDictionary(group => group.Key, group => group.ToArray()));
        }

        public bool TryFind(ReadOnlySpan<byte> text, [NotNullWhen(true)] out Needs[]? filed)
        {
            filed = null;
            return (Lengths >> text.Length & 1) != 0 && ByText.TryGetValue(Hash(text), out filed);
        }
    }

    /// <summary>What one condition takes for granted.</summary>
    /// <param name="Texts">Of each field the texts of which it must have one, the field that the condition is filed under first.</param>
    /// <param name="Starts">Texts with one of which the call's name must begin, where not the whole name is known; null for any.</param>
    private sealed record Needs(IReadOnlyList<(ApiField Field, byte[][] Texts)> Texts, byte[][]? Starts)
    {
        public static Needs Of(Condition condition)
        {
            var texts = Fields.Select(field => (field.Field, Texts: Bytes(RequiredTexts.Of(condition, field.Path))))
                .Where(field => field.Texts is not null).Select(field => (field.Field, field.Texts!)).ToList();
            var named = texts is [(ApiField.EventName, _), ..];
            return new(texts, named ? null : Bytes(RequiredTexts.StartsOf(condition, "eventName")));
        }

        private static byte[][]? Bytes(IReadOnlySet<string>? texts) =>
            texts is null || texts.Any(text => text.Length > Longest || !Ascii.IsValid(text)) ? null : [.. texts.Select(Encoding.UTF8.GetBytes)];

        public bool AreMet(ApiCall call)
        {
            for (var i = 1; i < Texts.Count; i++)
                if (!IsAnyOf(call[Texts[i].Field], Texts[i].Texts)) return false;
            if (Starts is null || call.Name is [(byte)'[', ..]) return true;
            foreach (var start in Starts)
                if (call.Name.Length >= start.Length && Ascii.EqualsIgnoreCase(call.Name[..start.Length], start)) return true;
            return false;
        }

        private static bool IsAnyOf(ReadOnlySpan<byte> value, byte[][] texts)
        {
            if (value is [(byte)'[', ..]) return true;
            foreach (var text in texts)
                if (Ascii.EqualsIgnoreCase(value, text)) return true;
            return false;
        }
    }
}
