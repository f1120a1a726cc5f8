using Yagura.Matching.Sigma;

namespace Yagura.Engine.Rules;

/// <summary>Rules that are read again when their files change. A change with an error is reported and not taken over: the last good rules stay.</summary>
/// <remarks>Whoever matches takes <see cref="Current"/>, an immutable set, once for each piece of work; a change replaces that one reference.</remarks>
public sealed class RuleWatch : IDisposable
{
    private readonly Lock _reading = new();
    private readonly string _path;
    private readonly SigmaOptions? _options;
    private readonly Action<SigmaRuleSet> _changed;
    private readonly Action<IReadOnlyList<FileProblem>> _refused;
    private readonly ITimer _timer;
    private volatile SigmaRuleSet _current = SigmaRuleSet.Empty;
    private string? _seen;

    /// <param name="changed">Told of rules that were taken over: at the start, after a change, and when the last good ones are back after a mistake.</param>
    /// <param name="refused">Told, once for each change, why the files cannot be used: every reason.</param>
    /// <param name="every">How often the files are looked at.</param>
    /// <exception cref="IOException">The path cannot be read at the start. (Errors in the rules are told of as later, and no rules are current.)</exception>
    public RuleWatch(string path, SigmaOptions? options, Action<SigmaRuleSet> changed, Action<IReadOnlyList<FileProblem>> refused, TimeProvider time, TimeSpan every)
    {
        (_path, _options, _changed, _refused) = (path, options, changed, refused);
        Take(RuleFolder.Load(path, options));
        _timer = time.CreateTimer(_ => Look(), null, every, every);
    }

    /// <summary>The newest rules without an error; empty where there were none yet.</summary>
    public SigmaRuleSet Current => _current;

    /// <summary>Looks at the files now.</summary>
    public void Look()
    {
        lock (_reading)
        {
            try
            {
                Take(RuleFolder.Load(_path, _options));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A folder that is being replaced is not there for a moment, or not yet ours to read; nobody above a timer would catch it.
                Refuse(e.Message, [new(_path, new(true, 1, 1, e.Message))]);
            }
        }
    }

    private void Take(SigmaRuleSet read)
    {
        // Tests that lie beside no rule are in no rule's hash.
        var seen = string.Join('\n', read.Problems.Select(problem => problem.ToString()).Prepend(read.Hash));
        if (seen == _seen) return;
        if (read.HasErrors)
        {
            Refuse(seen, [.. read.Problems.Where(problem => problem.Problem.IsError)]);
            return;
        }
        _seen = seen;
        _current = read;
        _changed(read);
    }

    private void Refuse(string seen, IReadOnlyList<FileProblem> problems)
    {
        if (seen == _seen) return;
        _seen = seen;
        _refused(problems);
    }

    public void Dispose() => _timer.Dispose();
}
