using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Yagura.Matching.Automaton;
using Yagura.Matching.Conditions;

namespace Yagura.Matching.Criteria.Facets;

/// <summary>What criteria can see of a finding, for stores that keep an index of it: facets, each a field and a text.</summary>
/// <remarks>The text says all that criteria can ask: a number is written without its fraction, a time as milliseconds of the Unix epoch, a flag as <c>true</c> or
/// <c>false</c>. U+FFFD stands in place of U+0000, as in <see cref="Sql.CriteriaSql"/>. <see cref="FacetTest"/> asks.</remarks>
public static class FindingFacets
{
    private const int LongestKey = 256; // bytes; the keys of all paths are far shorter

    private static readonly List<string> Names = [];
    private static readonly Dictionary<string, int> Numbers = new(StringComparer.Ordinal);
    private static readonly Node Root = Build();

    /// <summary>The keys that lead to each field, joined by dots. The order is the same in every run of one version.</summary>
    public static IReadOnlyList<string> Fields => Names;

    /// <summary>The field that a path of criteria leads to.</summary>
    /// <returns>-1 where criteria know no such path.</returns>
    public static int FieldOf(string path) => FindingPaths.Contains(path) ? Numbers[FindingPaths.FieldOf(path)] : -1;

    /// <summary>Reads one finding, as <c>FindingJson</c> writes it.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static void Read<TSink>(ReadOnlySpan<byte> json, TSink sink)
        where TSink : IFacetSink
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        Walk(ref reader, Root, sink);
    }

    private static void Walk<TSink>(ref Utf8JsonReader reader, Node node, TSink sink)
        where TSink : IFacetSink
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var child = Child(node, ref reader);
                    reader.Read();
                    if (child is null) reader.Skip();
                    else Walk(ref reader, child, sink);
                }
                break;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) Walk(ref reader, node, sink);
                break;
            case JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False when node.Field >= 0:
                Add(ref reader, node, sink);
                break;
            default:
                break;
        }
    }

    // A key that holds dots is the same as several keys.
    private static Node? Child(Node node, ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > LongestKey) return null;
        Span<char> characters = stackalloc char[LongestKey];
        ReadOnlySpan<char> key = characters[..reader.CopyString(characters)];
        Node? child = node;
        for (var dot = key.IndexOf('.'); dot >= 0 && child is not null; dot = key.IndexOf('.'))
        {
            child = child.Child(key[..dot]);
            key = key[(dot + 1)..];
        }
        return child?.Child(key);
    }

    private static void Add<TSink>(ref Utf8JsonReader reader, Node node, TSink sink)
        where TSink : IFacetSink
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.True: sink.Add(node.Field, "true"); break;
            case JsonTokenType.False: sink.Add(node.Field, "false"); break;
            case JsonTokenType.Number:
                WholeNumber.TryRead(node.IsTime ? WholeOf.Time : WholeOf.Number, ValueKind.Number, reader.ValueSpan, out var number);
                AddWhole(node.Field, number, sink);
                break;
            case JsonTokenType.String when node.IsTime:
                if (EpochTime.TryRead(reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan, out var milliseconds)) AddWhole(node.Field, milliseconds, sink);
                break;
            default:
                AddText(ref reader, node.Field, sink);
                break;
        }
    }

    private static void AddWhole<TSink>(int field, long whole, TSink sink)
        where TSink : IFacetSink
    {
        Span<char> digits = stackalloc char[20];
        whole.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        sink.Add(field, digits[..length]);
    }

    private static void AddText<TSink>(ref Utf8JsonReader reader, int field, TSink sink)
        where TSink : IFacetSink
    {
        char[]? rented = null;
        Span<char> text = reader.ValueSpan.Length <= 512 ? stackalloc char[512] : rented = ArrayPool<char>.Shared.Rent(reader.ValueSpan.Length);
        text = text[..reader.CopyString(text)];
        text.Replace('\0', '\uFFFD');
        sink.Add(field, text);
        if (rented is not null) ArrayPool<char>.Shared.Return(rented);
    }

    private static Node Build()
    {
        var root = new Node();
        foreach (var path in FindingPaths.All.Order(StringComparer.Ordinal))
        {
            var name = FindingPaths.FieldOf(path);
            if (!Numbers.TryAdd(name, Names.Count)) continue;
            var node = root;
            foreach (var key in name.Split('.')) node = node.ChildOrNew(key);
            (node.Field, node.IsTime) = (Names.Count, FindingPaths.IsTime(path));
            Names.Add(name);
        }
        return root;
    }

    private sealed class Node
    {
        private readonly Dictionary<string, Node>.AlternateLookup<ReadOnlySpan<char>> _children = new Dictionary<string, Node>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

        public int Field { get; set; } = -1;

        public bool IsTime { get; set; }

        public Node? Child(ReadOnlySpan<char> key) => _children.TryGetValue(key, out var child) ? child : null;

        public Node ChildOrNew(string key) => Child(key) ?? (_children.Dictionary[key] = new());
    }
}
