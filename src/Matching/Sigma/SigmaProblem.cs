using Yagura.Matching.Criteria;

namespace Yagura.Matching.Sigma;

/// <summary>A mistake in a file of rules, or what looks like one.</summary>
/// <param name="IsError">The rule cannot be used. Otherwise it can, but may not do what was meant.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in characters.</param>
/// <param name="Reason">One sentence without its full stop.</param>
/// <param name="Suggestion">What would be right; null where that is not known.</param>
public sealed record SigmaProblem(bool IsError, int Line, int Column, string Reason, string? Suggestion = null)
{
    /// <summary>What is wrong, and what would be right.</summary>
    public string Text => Suggestion is null ? Reason : $"{Reason}; {Suggestion}";

    /// <summary>As compilers write it: <c>7:13: error: unknown field evenName; did you mean eventName?</c></summary>
    public override string ToString() => $"{Line}:{Column}: {(IsError ? "error" : "warning")}: {Text}";
}

/// <summary>Collects what is wrong with one file.</summary>
internal sealed class ProblemList
{
    private readonly List<SigmaProblem> _problems = [];
    private int _warnings, _unlisted;

    /// <summary>How many errors there are so far.</summary>
    public int Errors { get; private set; }

    /// <summary>What comes now is counted, and nobody sees its suggestion.</summary>
    public bool IsFull => Math.Max(Errors, _warnings) >= SigmaLimits.Problems;

    public void Error(Yaml.Place at, string reason, string? suggestion = null) => Add(new(true, at.Line, at.Column, reason, suggestion));

    public void Warn(Yaml.Place at, string reason, string? suggestion = null) => Add(new(false, at.Line, at.Column, reason, suggestion));

    /// <summary>All of them, by their place.</summary>
    public IReadOnlyList<SigmaProblem> All()
    {
        var all = _problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column).ToList();
        if (_unlisted > 0) all.Add(new(Errors > SigmaLimits.Problems, all[^1].Line, all[^1].Column, $"and {_unlisted} more"));
        return all;
    }

    private void Add(SigmaProblem problem)
    {
        // Warnings take no place from the errors that come behind them.
        if ((problem.IsError ? ++Errors : ++_warnings) <= SigmaLimits.Problems) _problems.Add(problem);
        else _unlisted++;
    }

    /// <summary>Words for a message: did you mean the nearest one; null where none is near.</summary>
    public static string? DidYouMean(string word, IEnumerable<string> known) => Spelling.Nearest(word, known) is { } nearest ? $"did you mean {nearest}?" : null;

    /// <summary>A text of the input as it may stand in a message: short and on one line.</summary>
    public static string Shown(string text) => CriteriaReader.Shown(text);
}
