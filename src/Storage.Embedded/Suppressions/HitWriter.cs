using Yagura.Core.Findings;
using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded.Suppressions;

/// <summary>Notes within the transaction that stores findings what suppression rules did to them.</summary>
internal sealed class HitWriter(Session session)
{
    private const long Day = 24 * 60 * 60 * 1000;

    private readonly Dictionary<SuppressionKey, long> _rules = [];

    /// <param name="number">The finding's number.</param>
    /// <param name="occurrences">How often it occurred since it was stored last, at least 1.</param>
    public void Note(SuppressionHit hit, int number, Finding finding, long occurrences)
    {
        var rule = NumberOf(hit.Rule);
        var at = hit.At.ToUnixTimeMilliseconds();
        session.Execute(
            """
            INSERT INTO suppression_hit (rule, finding, first, last, occurrences, shadow)
            VALUES ($rule, $finding, $at, $at, $occurrences, $shadow)
            ON CONFLICT (rule, finding) DO UPDATE
            SET    last = max(last, excluded.last), occurrences = occurrences + excluded.occurrences, shadow = shadow + excluded.shadow
            """,
            ("$rule", rule), ("$finding", number), ("$at", at), ("$occurrences", hit.IsShadow ? 0 : occurrences), ("$shadow", hit.IsShadow ? occurrences : 0));
        foreach (var actor in FindingActors.Of(finding)) Note(rule, HiddenTraitKind.Actor, actor, at, occurrences);
        Note(rule, HiddenTraitKind.Type, finding.Type.Name, at, occurrences);
        Note(rule, HiddenTraitKind.Severity, $"{SeverityExtensions.ToLevel(finding.Severity)}", at, occurrences);
        session.Execute(
            """
            INSERT INTO suppression_day (rule, day, occurrences) VALUES ($rule, $day, $occurrences)
            ON CONFLICT (rule, day) DO UPDATE SET occurrences = occurrences + excluded.occurrences
            """, ("$rule", rule), ("$day", at / Day), ("$occurrences", occurrences));
    }

    /// <summary>Forgets what is older than the findings that are kept, and rules that nothing is remembered of.</summary>
    public static int Prune(Session session, long before) =>
        session.Execute("DELETE FROM suppression_day WHERE day < $before", ("$before", before / Day))
        + session.Execute("DELETE FROM suppression_trait WHERE last < $before", ("$before", before))
        + session.Execute(
            """
            DELETE FROM suppression_rule
            WHERE  NOT EXISTS (SELECT 1 FROM suppression_hit WHERE rule = number) AND NOT EXISTS (SELECT 1 FROM suppression_trait WHERE rule = number)
              AND  NOT EXISTS (SELECT 1 FROM suppression_day WHERE rule = number)
            """);

    private void Note(long rule, HiddenTraitKind kind, string value, long at, long occurrences)
    {
        var changed = session.Execute(
            "UPDATE suppression_trait SET last = max(last, $at), occurrences = occurrences + $occurrences WHERE rule = $rule AND kind = $kind AND value = $value",
            ("$at", at), ("$occurrences", occurrences), ("$rule", rule), ("$kind", (int)kind), ("$value", value));
        if (changed > 0) return;
        var known = session.Number("SELECT count(*) FROM suppression_trait WHERE rule = $rule AND kind = $kind", ("$rule", rule), ("$kind", (int)kind));
        if (known >= HiddenPattern.MostValues) return; // whoever hides that many hides whomever comes
        session.Execute("INSERT INTO suppression_trait (rule, kind, value, first, last, occurrences) VALUES ($rule, $kind, $value, $at, $at, $occurrences)",
            ("$rule", rule), ("$kind", (int)kind), ("$value", value), ("$at", at), ("$occurrences", occurrences));
    }

    private long NumberOf(SuppressionKey rule)
    {
        if (_rules.TryGetValue(rule, out var number)) return number;
        (string, SqlValue)[] key = [("$account", rule.Account), ("$region", rule.Region), ("$name", rule.Name), ("$made", rule.Made.ToUnixTimeMilliseconds())];
        session.Execute("INSERT INTO suppression_rule (account, region, name, made) VALUES ($account, $region, $name, $made) ON CONFLICT DO NOTHING", key);
        return _rules[rule] = session.Number("SELECT number FROM suppression_rule WHERE account = $account AND region = $region AND name = $name AND made = $made", key)!.Value;
    }
}
