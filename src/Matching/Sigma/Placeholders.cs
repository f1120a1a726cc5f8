using System.Text;
using Yagura.Matching.Sigma.Yaml;

namespace Yagura.Matching.Sigma;

/// <summary>Puts texts in the place of <c>%name%</c>; <c>\%</c> is the sign itself.</summary>
internal static class Placeholders
{
    /// <returns>Every text that the written one stands for; none where a name is unknown, which is added to the problems.</returns>
    public static IReadOnlyList<string> Expand(string written, Place place, SigmaOptions options, ProblemList problems)
    {
        IReadOnlyList<string> texts = [""];
        var literal = new StringBuilder(); // what stands since the last placeholder
        var found = false;
        for (var at = 0; at < written.Length;)
        {
            if (written[at] == '\\' && at + 1 < written.Length && written[at + 1] == '%')
            {
                literal.Append('%');
                at += 2;
                continue;
            }
            var end = written[at] == '%' ? written.IndexOf('%', at + 1) : -1;
            if (end <= at + 1)
            {
                var next = written.AsSpan(at + 1).IndexOfAny('%', '\\');
                var length = next < 0 ? written.Length - at : next + 1;
                literal.Append(written, at, length);
                at += length;
                continue;
            }
            var name = written[(at + 1)..end];
            if (!options.Placeholders.TryGetValue(name, out var values))
            {
                problems.Error(place, $"the placeholder %{ProblemList.Shown(name)}% has no value",
                    ProblemList.DidYouMean(name, options.Placeholders.Keys) ?? "give it one where rules are loaded (--placeholder NAME=VALUE), or write the values into the rule");
                return [];
            }
            texts = Append(Append(texts, [literal.ToString()]), values);
            literal.Clear();
            if (texts.Count > SigmaLimits.ExpandedValues)
            {
                problems.Error(place, $"placeholders stand for more than {SigmaLimits.ExpandedValues:N0} values");
                return [];
            }
            found = true;
            at = end + 1;
        }
        if (!found) problems.Warn(place, "expand is asked for, but the value names no %placeholder%");
        return Append(texts, [literal.ToString()]);
    }

    private static List<string> Append(IReadOnlyList<string> texts, IReadOnlyList<string> ends) => [.. texts.SelectMany(text => ends.Select(end => text + end))];
}
