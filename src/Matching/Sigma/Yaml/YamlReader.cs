using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Yagura.Matching.Sigma.Yaml;

/// <summary>Reads YAML into nodes that know their place, within the limits of <see cref="SigmaLimits"/>.</summary>
/// <remarks>Only the event parser of YamlDotNet is used: nothing of the input decides which objects are made. An alias stands for the node it names and
/// counts with all that the node holds, so a few lines cannot stand for millions of values.</remarks>
internal sealed class YamlReader
{
    /// <summary>What the library's parser takes and we do not; it leaves the way that the parser's own errors do.</summary>
    private sealed class Refusal(Mark mark, string reason) : YamlException(mark, mark, reason)
    {
        public string Reason { get; } = reason;
    }

    /// <summary>A long text counts as several nodes, or aliases of one could stand for more than there is memory.</summary>
    private const int CharactersOfNode = 64;

    private readonly ProblemList _problems;
    private readonly Parser _parser;
    private readonly Dictionary<string, (YamlNode Node, int Size)> _anchors = new(StringComparer.Ordinal);
    private int _nodes;

    private YamlReader(string text, ProblemList problems)
    {
        _parser = new Parser(new StringReader(text));
        _problems = problems;
    }

    /// <returns>The documents up to the first mistake, which is added to the problems.</returns>
    public static IReadOnlyList<YamlNode> Read(ReadOnlySpan<byte> utf8, ProblemList problems)
    {
        if (utf8.Length > SigmaLimits.FileBytes)
        {
            problems.Error(Place.Start, $"the file has {utf8.Length:N0} bytes; at most {SigmaLimits.FileBytes:N0} are allowed");
            return [];
        }
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        if (!System.Text.Unicode.Utf8.IsValid(utf8))
        {
            problems.Error(Place.Start, "the file is not UTF-8");
            return [];
        }
        var documents = new List<YamlNode>();
        new YamlReader(Encoding.UTF8.GetString(utf8), problems).ReadAll(documents);
        return documents;
    }

    private void ReadAll(List<YamlNode> documents)
    {
        try
        {
            while (_parser.MoveNext())
            {
                if (_parser.Current is not DocumentStart start) continue;
                if (documents.Count == SigmaLimits.Documents) throw new Refusal(start.Start, $"more than {SigmaLimits.Documents} documents in one file");
                _anchors.Clear();
                Next();
                documents.Add(Node(1).Node);
            }
        }
        catch (Refusal refused)
        {
            _problems.Error(PlaceOf(refused.Start), refused.Reason);
        }
        catch (YamlException bad)
        {
            // "(Line: 3, Col: 5, Idx: 40) - (…): While …": the place is told apart from the reason.
            var reason = bad.Message.Contains("): ", StringComparison.Ordinal) ? bad.Message[(bad.Message.LastIndexOf("): ", StringComparison.Ordinal) + 3)..] : bad.Message;
            _problems.Error(PlaceOf(bad.Start), $"not YAML: {ProblemList.Shown(reason.TrimEnd('.'))}");
        }
        catch (InvalidOperationException)
        {
            // What the library throws for some inputs that end too early (version 18.1: "The scanner should contain no more tokens").
            _problems.Error(PlaceOf(_parser.Current?.End ?? Mark.Empty), "not YAML: the file ends within a value");
        }
        catch (ArgumentOutOfRangeException)
        {
            // What the library throws where half a surrogate pair is escaped and no other half follows.
            _problems.Error(PlaceOf(_parser.Current?.End ?? Mark.Empty), "not YAML: an escape that is no character");
        }
    }

    private (YamlNode Node, int Size) Node(int level)
    {
        var current = _parser.Current!;
        var place = PlaceOf(current.Start);
        if (level > SigmaLimits.Levels) throw new Refusal(current.Start, $"more than {SigmaLimits.Levels} levels of maps and lists");
        var before = _nodes;
        Count(current.Start, 1);
        YamlNode node;
        switch (current)
        {
            case Scalar scalar:
                Count(scalar.Start, scalar.Value.Length / CharactersOfNode);
                if (!IsText(scalar.Value)) throw new Refusal(scalar.Start, "the text holds an escape that is no character");
                Next();
                node = new YamlScalar(place, scalar.Value, scalar.Style == ScalarStyle.Plain && (scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific));
                break;
            case SequenceStart:
                Next();
                var items = new List<YamlNode>();
                while (_parser.Current is not SequenceEnd) items.Add(Node(level + 1).Node);
                Next();
                node = new YamlList(place, items);
                break;
            case MappingStart:
                Next();
                node = new YamlMap(place, Entries(level));
                Next();
                break;
            case AnchorAlias alias:
                Next();
                if (!_anchors.TryGetValue(alias.Value.Value, out var named)) throw new Refusal(current.Start, $"the alias *{ProblemList.Shown(alias.Value.Value)} names nothing before it");
                Count(current.Start, named.Size);
                return named;
            default:
                throw new Refusal(current.Start, "expected a value");
        }
        var size = _nodes - before;
        if (current is NodeEvent { Anchor.IsEmpty: false } anchored) _anchors[anchored.Anchor.Value] = (node, size);
        return (node, size);
    }

    private List<YamlEntry> Entries(int level)
    {
        var entries = new List<YamlEntry>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (_parser.Current is not MappingEnd)
        {
            var place = PlaceOf(_parser.Current!.Start);
            var (key, _) = Node(level + 1);
            var (value, _) = Node(level + 1);
            if (key is not YamlScalar { Text: var name }) _problems.Error(place, "a key is a text here");
            else if (!keys.Add(name)) _problems.Error(place, $"the key {ProblemList.Shown(name)} stands here twice", "put the values into a list, or into a second selection");
            else entries.Add(new(name, place, value));
        }
        return entries;
    }

    private void Count(Mark mark, int nodes)
    {
        _nodes += nodes;
        if (_nodes > SigmaLimits.Nodes) throw new Refusal(mark, $"more than {SigmaLimits.Nodes:N0} values in one file");
    }

    private static bool IsText(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at])) continue;
            if (!char.IsSurrogatePair(text, at)) return false;
            at++;
        }
        return true;
    }

    private void Next() => _parser.MoveNext();

    private static Place PlaceOf(Mark mark) => new((int)Math.Min(mark.Line, int.MaxValue), (int)Math.Min(mark.Column, int.MaxValue));
}
