using System.Runtime.CompilerServices;
using Yagura.Matching.Automaton;
using Yagura.Matching.Conditions;

namespace Yagura.Matching;

/// <summary>Finds the rules that an event fulfils, by one index over all rules: the time follows the event, not the number of rules.</summary>
/// <remarks>Safe to use from many threads: rules may be added and removed while others match, without a pause for them, and a match sees the rules of one
/// moment. Each thread matches with a <see cref="MatchBuffer"/> of its own. Values of an event that has a key twice all count. See
/// docs/adr/0007-one-index-over-all-rules.md.</remarks>
/// <typeparam name="TRule">What stands for a rule in the answer; compared with its default equality.</typeparam>
public sealed class Matcher<TRule> where TRule : notnull
{
    private readonly Lock _writing = new();
    private readonly Dictionary<TRule, RuleEntry<TRule>> _entries = [];
    private readonly RuleSet _rules = new();
    private volatile Snapshot _snapshot = Snapshot.Empty;

    /// <summary>How many rules there are.</summary>
    public int Count
    {
        get
        {
            lock (_writing) return _entries.Count;
        }
    }

    /// <summary>How many rules must be decided for every event, since no value that they need can be looked up: those that only ask for what is not there.</summary>
    public int Unindexed => _snapshot.Always.Candidates.Select(candidate => candidate.RuleSlot).Distinct().Count();

    /// <summary>Adds a rule; one that equals it is replaced in the same moment.</summary>
    /// <exception cref="ArgumentException">The condition cannot be matched: its regular expression or network is none, or it is nested too deep. Nothing has changed.</exception>
    public void Add(TRule rule, Condition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        lock (_writing)
        {
            var entry = new RuleEntry<TRule>(rule);
            _rules.Add(entry, condition);
            if (_entries.TryGetValue(rule, out var before)) _rules.Remove(before);
            _entries[rule] = entry;
            _snapshot = _rules.Publish();
        }
    }

    /// <returns>False where there is no such rule.</returns>
    public bool Remove(TRule rule)
    {
        lock (_writing)
        {
            if (!_entries.Remove(rule, out var entry)) return false;
            _rules.Remove(entry);
            _snapshot = _rules.Publish();
            return true;
        }
    }

    /// <summary>The paths of the fields that the rules read, without repeats, in ordinal order.</summary>
    /// <param name="everything">True where some rule reads every value of the event, at whatever path.</param>
    public IReadOnlyList<string> Paths(out bool everything)
    {
        lock (_writing) return _rules.Paths(out everything);
    }

    /// <summary>Finds the rules that one event fulfils.</summary>
    /// <param name="json">The event: one JSON object in UTF-8. Any bytes are allowed.</param>
    /// <param name="buffer">Of the calling thread.</param>
    /// <param name="hits">The rules are added here, each once, in no particular order; nothing where the event is no JSON object.</param>
    /// <returns>What is wrong with the event. Never throws on one.</returns>
    public EventFault Match(ReadOnlySpan<byte> json, MatchBuffer buffer, ICollection<TRule> hits)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentNullException.ThrowIfNull(hits);
        _snapshot.Match(json, buffer);
        foreach (var hit in buffer.Hits) hits.Add(Unsafe.As<RuleEntry<TRule>>(hit).Rule); // all that this matcher adds are
        return buffer.Fault;
    }
}
