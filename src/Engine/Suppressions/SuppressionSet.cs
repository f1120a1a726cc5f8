using System.Collections.Frozen;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Engine.Health;
using Yagura.Matching;

namespace Yagura.Engine.Suppressions;

/// <summary>All suppression rules at some time, compiled. Never changes.</summary>
public sealed class SuppressionSet
{
    /// <summary>What tells that somebody meddles with the watch. No rule hides these: else the first thing that a bad rule hides would be itself.</summary>
    public static readonly FrozenSet<FindingType> NeverHidden =
        new[] { HealthTypes.SuppressionChanged, HealthTypes.SuppressionExpired, Detectors.Yagura.IAMUser.WatchWeakened.Type.Type }.ToFrozenSet();

    private readonly FrozenDictionary<(string Account, string Region), OfOwner> _owners;
    private readonly ILookup<(string Account, string Region), string> _administrators;

    /// <param name="members">Administrators and their members by region: the rules of an administrator hold for its members, too.</param>
    public SuppressionSet(IEnumerable<SuppressionRule> rules, IEnumerable<(string Administrator, string Member, string Region)> members)
    {
        _owners = rules.Where(rule => rule.Criteria is not null).GroupBy(rule => (rule.Key.Account, rule.Key.Region))
            .ToFrozenDictionary(owner => owner.Key, owner => new OfOwner([.. owner.OrderBy(rule => rule.Rank).ThenBy(rule => rule.Key.Name, StringComparer.Ordinal)]));
        _administrators = members.ToLookup(link => (link.Member, link.Region), link => link.Administrator);
    }

    /// <summary>The rules that a finding fits and that hold at a time.</summary>
    /// <returns>The one that hides it: that of the lowest rank, then the first by name; null where none does. And those in shadow mode that would.</returns>
    public (SuppressionRule? HiddenBy, IReadOnlyList<SuppressionRule> Shadows) For(Finding finding, DateTimeOffset now, MatchBuffer buffer)
    {
        if (_owners.Count == 0 || NeverHidden.Contains(finding.Type)) return (null, []);
        byte[]? json = null;
        SuppressionRule? first = null;
        List<SuppressionRule>? shadows = null;
        foreach (var account in _administrators[(finding.AccountId, finding.Region)].Prepend(finding.AccountId))
        {
            if (!_owners.TryGetValue((account, finding.Region), out var owner)) continue;
            foreach (var rule in owner.Fitting(json ??= FindingJson.ToUtf8(finding), buffer))
            {
                if (!rule.HoldsAt(now)) continue;
                if (rule.Mode == SuppressionMode.Shadow) (shadows ??= []).Add(rule);
                else if (first is null || IsBefore(rule, first)) first = rule;
            }
        }
        return (first, shadows ?? []);
    }

    private static bool IsBefore(SuppressionRule rule, SuppressionRule other) =>
        rule.Rank != other.Rank ? rule.Rank < other.Rank : string.CompareOrdinal(rule.Key.Name, other.Key.Name) < 0;

    /// <summary>The rules of one account in one region.</summary>
    private sealed class OfOwner
    {
        private readonly IReadOnlyList<SuppressionRule> _rules;
        private readonly Matcher<int> _matcher = new(); // by place in the list

        public OfOwner(IReadOnlyList<SuppressionRule> rules)
        {
            _rules = rules;
            for (var place = 0; place < rules.Count; place++) _matcher.Add(place, rules[place].Criteria!.ToCondition());
        }

        public IEnumerable<SuppressionRule> Fitting(byte[] json, MatchBuffer buffer)
        {
            List<int> places = [];
            _matcher.Match(json, buffer, places);
            return places.Order().Select(place => _rules[place]);
        }
    }
}
