using System.Diagnostics.CodeAnalysis;
using Yagura.Matching.Conditions;

namespace Yagura.Matching.Automaton;

/// <summary>The rules, as who adds and removes them sees them; not for two threads at once.</summary>
internal sealed class RuleSet
{
    /// <summary>A gate that holds for more values than this turns too few candidates down.</summary>
    private const double LargestGateShare = 0.4;

    /// <summary>A gate costs a little for each value that it lists.</summary>
    private const int MostGateAnchors = 64;

    /// <summary>What one rule holds on to.</summary>
    private sealed record Registration(RuleEntry Rule)
    {
        public List<(Clause Clause, List<(FieldState Field, Anchor Anchor)> Anchors)> Clauses { get; } = [];
        public List<Term> Gates { get; } = [];
        public List<(string Key, Term Term)> Terms { get; } = [];
        public List<FieldState> Fields { get; } = [];
        public List<int> TermSlots { get; } = [];
    }

    private sealed class FieldState(string? path, int id)
    {
        public string? Path => path;

        public int Id => id;

        public int Users { get; set; }

        public FieldIndex Index { get; set; } = FieldIndex.Empty;

        public bool IsChanged { get; set; }
    }

    private readonly Dictionary<RuleEntry, Registration> _rules = [];
    private readonly Dictionary<string, FieldState> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<int, FieldState> _fieldsById = [];
    private readonly Dictionary<string, Term> _terms = new(StringComparer.Ordinal);
    private readonly SlotPool _fieldIds = new(), _termSlots = new(MatchBuffer.AlwaysTrue + 1), _clauseSlots = new(), _ruleSlots = new();
    private readonly List<FieldState> _changed = [];
    private FieldState? _every;
    private Posting _always = Posting.Empty;
    private Node _root = Node.Empty;

    /// <summary>The rules as they are now, for those who match.</summary>
    public Snapshot Publish()
    {
        foreach (var field in _changed)
        {
            field.IsChanged = false;
            if (field.Path is not null) _root = _root.With(field.Path.Split('.'), field.Users > 0 ? new(field.Id, field.Index) : null);
        }
        _changed.Clear();
        var every = _every is { Users: > 0 } ? new FieldEntry(_every.Id, _every.Index) : null;
        return new(_root, every, _always, _fieldIds.Capacity, _termSlots.Capacity, _clauseSlots.Capacity, _ruleSlots.Capacity);
    }

    /// <summary>The paths that are read, in ordinal order.</summary>
    public IReadOnlyList<string> Paths(out bool everything)
    {
        everything = _every is { Users: > 0 };
        return [.. _fields.Keys.Select(Node.PathOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <exception cref="ArgumentException">The condition cannot be matched; nothing has changed.</exception>
    public void Add(RuleEntry rule, Condition condition)
    {
        var registration = new Registration(rule);
        rule.Slot = _ruleSlots.Take();
        _rules.Add(rule, registration);
        try
        {
            foreach (var way in Simplifier.Ways(condition)) AddClause(registration, way);
        }
        catch
        {
            Remove(rule);
            throw;
        }
    }

    public void Remove(RuleEntry rule)
    {
        if (!_rules.Remove(rule, out var registration)) return;
        foreach (var (clause, anchors) in registration.Clauses)
        {
            Change(anchors, posting => posting.Without(clause));
            if (anchors.Count == 0) _always = _always.Without(clause);
            _clauseSlots.Return(clause.Slot);
        }
        foreach (var gate in registration.Gates) CloseGate(gate);
        foreach (var (key, term) in registration.Terms)
        {
            if (--term.Users > 0) continue;
            _terms.Remove(key);
            _termSlots.Return(term.Slot);
            foreach (var slot in term.TestSlots) _termSlots.Return(slot);
        }
        foreach (var slot in registration.TermSlots) _termSlots.Return(slot);
        foreach (var field in registration.Fields) Release(field);
        _ruleSlots.Return(rule.Slot);
    }

    private void AddClause(Registration registration, Condition way)
    {
        var check = Build(registration, way);
        var best = Best(check);
        var anchors = best?.Anchors ?? [];
        var gates = Gates(check, best?.Part);
        Check? residual = check;
        if (best is { IsExact: true, Part: var part }) residual = Residual(check, part);
        foreach (var gate in gates)
        {
            OpenGate(gate);
            registration.Gates.Add(gate);
            residual = residual is null ? null : Residual(residual, gate);
        }
        var clause = new Clause(registration.Rule, _clauseSlots.Take(), residual);
        var candidate = new Candidate(clause, gates.Count > 0 ? gates[0].Slot : MatchBuffer.AlwaysTrue, gates.Count > 1 ? gates[1].Slot : MatchBuffer.AlwaysTrue);
        registration.Clauses.Add((clause, anchors));
        if (anchors.Count == 0) _always = _always.With(candidate);
        Change(anchors, posting => posting.With(candidate));
    }

    /// <summary>Up to two terms that must hold too and that an index decides by the way: most candidates are turned down by them alone.</summary>
    private List<Term> Gates(Check check, Check? anchored)
    {
        var parts = check switch { AllCheck all => all.Parts, ConsistentCheck { Possible: AllCheck all } => all.Parts, _ => [] };
        return
        [
            .. parts.OfType<Term>().Distinct()
                .Where(term => term != anchored && term.Test.Share <= LargestGateShare && term.Test.Anchors is { Count: <= MostGateAnchors } anchors && anchors.All(IsDecided))
                .OrderBy(term => term.Test.Share).Take(2),
        ];
    }

    private static bool IsDecided(Anchor anchor) => anchor.IsExact && anchor.Kind is not (AnchorKind.Scan or AnchorKind.Range);

    private void OpenGate(Term term)
    {
        if (term.GateUsers++ > 0) return;
        var field = _fieldsById[term.Field];
        Change([.. Distinct(term.Test.Anchors).Select(anchor => (field, anchor))], posting => posting.With(term.Slot));
    }

    private void CloseGate(Term term)
    {
        if (--term.GateUsers > 0) return;
        var field = _fieldsById[term.Field];
        Change([.. Distinct(term.Test.Anchors).Select(anchor => (field, anchor))], posting => posting.Without(term.Slot));
    }

    private static IEnumerable<Anchor> Distinct(IEnumerable<Anchor> anchors) =>
        anchors.DistinctBy(anchor => (anchor.Kind, Convert.ToHexString(anchor.Key), anchor.Key.Length == 0 ? anchor.Test : null));

    /// <summary>What is left to ask once a part is known to hold; null for nothing.</summary>
    private static Check? Residual(Check check, Check known) => check switch
    {
        _ when check == known => null,
        AllCheck all when all.Parts.Contains(known) => new AllCheck(all.Parts.Where(part => part != known)),
        ConsistentCheck consistent => consistent.With(Residual(consistent.Plain, known) ?? new AllCheck([]), Residual(consistent.Possible, known) ?? new AllCheck([])),
        _ => check,
    };

    /// <summary>The anchors through which every event that fulfils a check is found, as few and as rare as there are.</summary>
    /// <returns>Null where none will do. Exact where whatever is found so fulfils the part.</returns>
    private (double Share, bool IsExact, Check Part, List<(FieldState Field, Anchor Anchor)> Anchors)? Best(Check check)
    {
        switch (check)
        {
            case Term term:
                var field = _fieldsById[term.Field];
                var anchors = Distinct(term.Test.Anchors).ToList();
                // A value that many rules are found by is likely one that many events have.
                var share = anchors.Sum(anchor => anchor.Test.Share * (1 + Math.Log2(1 + field.Index.PostingAt(anchor).Candidates.Length)));
                return (share, anchors.TrueForAll(anchor => anchor.IsExact), term, anchors.ConvertAll(anchor => (field, anchor)));
            case AllCheck all:
                (double Share, bool IsExact, Check Part, List<(FieldState Field, Anchor Anchor)> Anchors)? best = null;
                foreach (var part in all.Parts)
                {
                    if (Best(part) is { } found && (best is null || found.Share < best.Value.Share)) best = found;
                }
                return best;
            case AnyCheck any:
                var union = new List<(FieldState Field, Anchor Anchor)>();
                var sum = 0.0;
                foreach (var part in any.Parts)
                {
                    if (Best(part) is not { } found) return null;
                    sum += found.Share;
                    union.AddRange(found.Anchors);
                }
                union = [.. union.DistinctBy(anchor => (anchor.Field, anchor.Anchor.Kind, Convert.ToHexString(anchor.Anchor.Key), anchor.Anchor.Key.Length == 0 ? anchor.Anchor.Test : null))];
                return (sum, false, check, union);
            case ConsistentCheck consistent: return Best(consistent.Possible);
            default: return null;
        }
    }

    private Check Build(Registration registration, Condition condition) => condition switch
    {
        All all => new AllCheck(all.Parts.Select(part => Build(registration, part))),
        Any any => new AnyCheck(any.Parts.Select(part => Build(registration, part))),
        Not not => new NotCheck(Build(registration, not.Part)),
        Field field => TermOf(registration, field),
        Consistent consistent => BuildConsistent(registration, consistent.Part, isNested: false),
        _ => throw new ArgumentException($"unknown condition {condition.GetType().Name}", nameof(condition)),
    };

    private ConsistentCheck BuildConsistent(Registration registration, Condition part, bool isNested)
    {
        var fields = new List<int>();
        var within = new List<ConsistentCheck>();
        var built = new Dictionary<Condition, Check>(ReferenceEqualityComparer.Instance);
        var steps = Steps(registration, part, null, fields, within, built);
        var plain = Plain(registration, part, built, relaxed: false);
        var possible = Plain(registration, part, built, relaxed: true);
        var slot = -1;
        if (isNested) registration.TermSlots.Add(slot = _termSlots.Take());
        return new(plain, possible, steps, [.. fields], [.. within], slot);
    }

    /// <summary>The condition without a thought of elements; relaxed, it holds too where elements could make it hold.</summary>
    private Check Plain(Registration registration, Condition condition, Dictionary<Condition, Check> built, bool relaxed) => condition switch
    {
        All all => new AllCheck(all.Parts.Select(part => Plain(registration, part, built, relaxed))),
        Any any => new AnyCheck(any.Parts.Select(part => Plain(registration, part, built, relaxed))),
        Not not => relaxed ? new AllCheck([]) : new NotCheck(Plain(registration, not.Part, built, relaxed: false)),
        _ => built[condition],
    };

    private BindStep? Steps(
        Registration registration, Condition condition, BindStep? next, List<int> fields, List<ConsistentCheck> within, Dictionary<Condition, Check> built)
    {
        switch (condition)
        {
            case All all:
                for (var i = all.Parts.Count - 1; i >= 0; i--) next = Steps(registration, all.Parts[i], next, fields, within, built);
                return next;
            case Any any:
                var ways = new List<BindStep?>();
                foreach (var part in any.Parts) ways.Add(Steps(registration, part, next, fields, within, built));
                return new EitherStep([.. ways]);
            case Not not: return new AbsentStep(Steps(registration, not.Part, null, fields, within, built), next);
            case Consistent consistent:
                var check = BuildConsistent(registration, consistent.Part, isNested: true);
                built[consistent] = check;
                within.Add(check);
                return new OtherStep(check, next);
            case Field field:
                var term = TermOf(registration, field);
                built[field] = term;
                fields.Add(term.Field);
                if (term.Test is not SameAsTest same) return new FieldStep(term, next);
                fields.Add(same.Field);
                return new SameStep(term, same, next);
            default: throw new ArgumentException($"unknown condition {condition.GetType().Name}", nameof(condition));
        }
    }

    private Term TermOf(Registration registration, Field field)
    {
        var key = $"{TestKey.Of(field.Test)}@{field.Path ?? Node.Everywhere}";
        if (!_terms.TryGetValue(key, out var term))
        {
            var test = new TestCompiler(path => Hold(registration, path).Id).Compile(field.Test);
            _terms.Add(key, term = new Term(Hold(registration, field.Path).Id, test, _termSlots.Take()));
            foreach (var anchor in test.Anchors.Where(anchor => anchor.Kind is AnchorKind.Scan or AnchorKind.Range))
            {
                anchor.Test.Slot = anchor.Test == test ? term.Slot : _termSlots.Take();
                if (anchor.Test != test) term.TestSlots.Add(anchor.Test.Slot);
            }
        }
        else HoldFields(registration, field);
        term.Users++;
        registration.Terms.Add((key, term));
        return term;
    }

    /// <summary>Every rule holds the fields that it reads, also through a term that another rule brought.</summary>
    private void HoldFields(Registration registration, Field field)
    {
        Hold(registration, field.Path);
        var paths = new List<string>();
        ConditionPaths.Collect(field, paths);
        foreach (var path in paths.Skip(field.Path is null ? 0 : 1)) Hold(registration, path);
    }

    private FieldState Hold(Registration registration, string? path)
    {
        if (!TryFind(path, out var field))
        {
            if (path.AsSpan().Count('.') >= MatchLimits.PathKeys) throw new ArgumentException($"a path has more than {MatchLimits.PathKeys} keys", nameof(path));
            field = new FieldState(path, _fieldIds.Take());
            _fieldsById.Add(field.Id, field);
            if (path is null) _every = field;
            else _fields.Add(path, field);
        }
        if (field.Users++ == 0) Change(field);
        registration.Fields.Add(field);
        return field;
    }

    private bool TryFind(string? path, [NotNullWhen(true)] out FieldState? field)
    {
        field = _every;
        return path is null ? _every is not null : _fields.TryGetValue(path, out field);
    }

    private void Release(FieldState field)
    {
        if (--field.Users > 0) return;
        Change(field);
        _fieldIds.Return(field.Id);
        _fieldsById.Remove(field.Id);
        if (field.Path is null) _every = null;
        else _fields.Remove(field.Path);
    }

    /// <param name="anchors">Different ones.</param>
    private void Change(IReadOnlyList<(FieldState Field, Anchor Anchor)> anchors, Func<Posting, Posting> change)
    {
        if (anchors is [var only])
        {
            Change(only.Field, only.Anchor.Kind, [(only.Anchor, Changed(only.Field, only.Anchor, change))]);
            return;
        }
        foreach (var group in anchors.GroupBy(one => (one.Field, one.Anchor.Kind)))
        {
            var (field, kind) = group.Key;
            // Any value is one place, whichever test led there.
            var different = group.Take(kind == AnchorKind.Present ? 1 : int.MaxValue);
            Change(field, kind, [.. different.Select(one => (one.Anchor, Changed(field, one.Anchor, change)))]);
        }
    }

    private void Change(FieldState field, AnchorKind kind, IReadOnlyList<(Anchor Anchor, Posting Posting)> changes)
    {
        field.Index = field.Index.With(kind, changes);
        Change(field);
    }

    private Posting Changed(FieldState field, Anchor anchor, Func<Posting, Posting> change)
    {
        var before = field.Index.PostingAt(anchor);
        var posting = change(before);
        if (before.IsEmpty && !posting.IsEmpty) posting = posting with { Slot = _termSlots.Take() };
        if (!before.IsEmpty && posting.IsEmpty) _termSlots.Return(before.Slot);
        if (anchor.Kind is AnchorKind.Range or AnchorKind.Scan) anchor.Test.Posting = posting;
        return posting;
    }

    private void Change(FieldState field)
    {
        if (field.IsChanged) return;
        field.IsChanged = true;
        _changed.Add(field);
    }
}
