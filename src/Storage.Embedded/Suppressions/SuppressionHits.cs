using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded.Suppressions;

/// <summary>What suppression rules did, in SQLite; also read beside the server that writes it.</summary>
public sealed class SuppressionHits(Database database) : ISuppressionHits
{
    private const int Most = 1_000;

    public Task<IReadOnlyList<SuppressionTally>> Tallies(CancellationToken cancel = default) => Task.FromResult(database.Read<IReadOnlyList<SuppressionTally>>(session =>
    {
        using var rows = session.Query(
            """
            SELECT   account, region, name, made, sum(occurrences > 0), sum(occurrences), sum(shadow > 0), sum(shadow), min(first), max(last)
            FROM     suppression_rule JOIN suppression_hit ON rule = number
            GROUP BY number
            ORDER BY account, region, name, made
            """);
        var tallies = new List<SuppressionTally>();
        while (rows.Read())
        {
            tallies.Add(new(new(rows.Text(0), rows.Text(1), rows.Text(2), Time(rows.Long(3))), rows.Long(4), rows.Long(5), rows.Long(6), rows.Long(7),
                Time(rows.Long(8)), Time(rows.Long(9))));
        }
        return tallies;
    }));

    public Task<IReadOnlyList<HiddenFinding>> List(SuppressionKey rule, HiddenFinding? after, int most, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, Most);
        return Task.FromResult(database.Read<IReadOnlyList<HiddenFinding>>(session =>
        {
            if (NumberOf(session, rule) is not { } number) return [];
            using var rows = session.Query(
                """
                SELECT   f.id, f.type, f.severity, h.first, h.last, h.occurrences, h.shadow
                FROM     suppression_hit h JOIN finding f ON f.number = h.finding
                WHERE    h.rule = $rule
                  AND    ($last IS NULL OR h.last < $last OR (h.last = $last AND h.finding > ifnull((SELECT number FROM finding WHERE id = $id), 0)))
                ORDER BY h.last DESC, h.finding
                LIMIT    $most
                """, ("$rule", number), ("$last", after?.Last.ToUnixTimeMilliseconds()), ("$id", after?.FindingId), ("$most", most));
            var found = new List<HiddenFinding>();
            while (rows.Read()) found.Add(new(rows.Text(0), rows.Text(1), rows.Double(2), Time(rows.Long(3)), Time(rows.Long(4)), rows.Long(5), rows.Long(6)));
            return found;
        }));
    }

    public Task<HiddenPattern> Pattern(SuppressionKey rule, CancellationToken cancel = default) => Task.FromResult(database.Read(session =>
        NumberOf(session, rule) is { } number ? new HiddenPattern(Traits(session, number), Days(session, number)) : new([], [])));

    private static List<HiddenTrait> Traits(Session session, long rule)
    {
        using var rows = session.Query("SELECT kind, value, first, last, occurrences FROM suppression_trait WHERE rule = $rule ORDER BY kind, first, value", ("$rule", rule));
        var traits = new List<HiddenTrait>();
        while (rows.Read()) traits.Add(new((HiddenTraitKind)rows.Int(0), rows.Text(1), Time(rows.Long(2)), Time(rows.Long(3)), rows.Long(4)));
        return traits;
    }

    private static List<(DateOnly, long)> Days(Session session, long rule)
    {
        using var rows = session.Query("SELECT day, occurrences FROM suppression_day WHERE rule = $rule ORDER BY day", ("$rule", rule));
        var days = new List<(DateOnly, long)>();
        while (rows.Read()) days.Add((DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(rows.Int(0))), rows.Long(1)));
        return days;
    }

    private static long? NumberOf(Session session, SuppressionKey rule) => session.Number(
        "SELECT number FROM suppression_rule WHERE account = $account AND region = $region AND name = $name AND made = $made",
        ("$account", rule.Account), ("$region", rule.Region), ("$name", rule.Name), ("$made", rule.Made.ToUnixTimeMilliseconds()));

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
