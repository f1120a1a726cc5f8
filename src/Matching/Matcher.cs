using Yagura.Matching.Conditions;

namespace Yagura.Matching;

/// <summary>Finds the rules that an event fulfils.</summary>
/// <remarks>Safe to use from many threads: rules may be added and removed while others match, and a match sees the rules of one moment. Each thread
/// matches with a <see cref="MatchBuffer"/> of its own.</remarks>
/// <typeparam name="TRule">What stands for a rule in the answer; compared with its default equality.</typeparam>
public sealed class Matcher<TRule> where TRule : notnull
{
    private readonly Lock _writing = new();
    private volatile Dictionary<TRule, Condition> _rules = [];

    /// <summary>How many rules there are.</summary>
    public int Count => _rules.Count;

    /// <summary>Adds a rule; one that equals it is replaced.</summary>
    /// <exception cref="ArgumentException">The condition cannot be matched: its regular expression or network is none.</exception>
    public void Add(TRule rule, Condition condition)
    {
        lock (_writing) _rules = new(_rules) { [rule] = condition };
    }

    /// <returns>False where there is no such rule.</returns>
    public bool Remove(TRule rule)
    {
        lock (_writing)
        {
            var rules = new Dictionary<TRule, Condition>(_rules);
            if (!rules.Remove(rule)) return false;
            _rules = rules;
            return true;
        }
    }

    /// <summary>The paths of the fields that the rules read, without repeats, in ordinal order.</summary>
    /// <param name="everything">True where some rule reads every value of the event, at whatever path.</param>
    public IReadOnlyList<string> Paths(out bool everything)
    {
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        everything = false;
        foreach (var condition in _rules.Values) everything |= ConditionPaths.Collect(condition, paths);
        return [.. paths];
    }

    /// <summary>Finds the rules that one event fulfils.</summary>
    /// <param name="json">The event: one JSON object in UTF-8. Any bytes are allowed.</param>
    /// <param name="buffer">Of the calling thread.</param>
    /// <param name="hits">The rules are added here, each once, in no particular order; nothing where the event is at fault.</param>
    public EventFault Match(ReadOnlySpan<byte> json, MatchBuffer buffer, ICollection<TRule> hits)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentNullException.ThrowIfNull(hits);
        if (!NaiveEvent.TryRead(json, out var read)) return EventFault.NotJson;
        foreach (var (rule, condition) in _rules)
        {
            if (read.Holds(condition)) hits.Add(rule);
        }
        return EventFault.None;
    }
}
