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
    private readonly Action<IReadOnlyList<string>> _refused;
    private readonly ITimer _timer;
    private volatile SigmaRuleSet _current;
    private string _seen;

    /// <param name="changed">Told of new rules that were taken over.</param>
    /// <param name="refused">Told, once for each change, why the files cannot be used: every reason.</param>
    /// <param name="every">How often the files are looked at.</param>
    /// <exception cref="IOException">The path cannot be read at the start.</exception>
    /// <exception cref="InvalidDataException">The rules have errors at the start.</exception>
    public RuleWatch(string path, SigmaOptions? options, Action<SigmaRuleSet> changed, Action<IReadOnlyList<string>> refused, TimeProvider time, TimeSpan every)
    {
        (_path, _options, _changed, _refused) = (path, options, changed, refused);
        _current = RuleFolder.Load(path, options);
        if (_current.HasErrors) throw new InvalidDataException(string.Join('\n', _current.Problems));
        _seen = _current.Hash;
        _timer = time.CreateTimer(_ => Look(), null, every, every);
    }

    /// <summary>The newest rules without an error.</summary>
    public SigmaRuleSet Current => _current;

    /// <summary>Looks at the files now.</summary>
    public void Look()
    {
        lock (_reading)
        {
            SigmaRuleSet read;
            try
            {
                read = RuleFolder.Load(_path, _options);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A folder that is being replaced is not there for a moment, or not yet ours to read; nobody above a timer would catch it.
                Refuse("unreadable", [e.Message]);
                return;
            }
            if (read.Hash == _seen) return;
            if (read.HasErrors)
            {
                Refuse(read.Hash, [.. read.Problems.Where(problem => problem.Problem.IsError).Select(problem => problem.ToString())]);
                return;
            }
            _seen = read.Hash;
            if (read.Hash == _current.Hash) return;
            _current = read;
            _changed(read);
        }
    }

    private void Refuse(string seen, IReadOnlyList<string> reasons)
    {
        if (seen == _seen) return;
        _seen = seen;
        _refused(reasons);
    }

    public void Dispose() => _timer.Dispose();
}
