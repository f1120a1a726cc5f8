using Yagura.Core.Ports;
using Yagura.Storage.Embedded.Findings;

namespace Yagura.Storage.Embedded.Publications;

/// <summary>Publications in SQLite. That a finding waits is written with the finding itself (<see cref="FindingWriter"/>).</summary>
public sealed class PublicationStore(Database database) : IPublications
{
    private const int Together = 1_000, MostPrunedAtOnce = 10_000;

    public Task<int> PublishFirst(DateTimeOffset now, CancellationToken cancel = default) => Publish(now, First, cancel);

    public Task<int> PublishAgain(DateTimeOffset now, Func<string, string, TimeSpan> period, CancellationToken cancel = default) =>
        Publish(now, session => Due(session, now.ToUnixTimeMilliseconds(), period), cancel);

    public Task<PublicationPage> Next(string reader, int most, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, Together);
        return database.Read(session => session.Number("SELECT number FROM publication_reader WHERE name = $name", ("$name", reader))) is { } after
            ? Task.FromResult(database.Read(session => Page(session, after, most)))
            : Begin(reader, cancel);
    }

    public Task Done(string reader, PublicationPage page, CancellationToken cancel = default) => database.Write(
        session => session.Execute(
            "INSERT INTO publication_reader (name, number) VALUES ($name, $number) ON CONFLICT DO UPDATE SET number = max(number, excluded.number)", ("$name", reader), ("$number", page.Reached)),
        cancel: cancel);

    private Task<PublicationPage> Begin(string reader, CancellationToken cancel) => database.Write(
        session =>
        {
            var last = session.Number("SELECT seq FROM sqlite_sequence WHERE name = 'publication'") ?? 0;
            session.Execute("INSERT INTO publication_reader (name, number) VALUES ($name, $number) ON CONFLICT DO NOTHING", ("$name", reader), ("$number", last));
            return new PublicationPage([], last, last);
        },
        cancel: cancel);

    private static PublicationPage Page(Session session, long after, int most)
    {
        var publications = new List<Publication>();
        var reached = after;
        using var rows = session.Query(
            """
            SELECT p.number, p.time, p.first, f.archived, j.json
            FROM   (SELECT number, id, time, first FROM publication WHERE number > $after ORDER BY number LIMIT $most) p
                   LEFT JOIN finding f ON f.id = p.id LEFT JOIN finding_json j ON j.number = f.number
            ORDER  BY p.number
            """,
            ("$after", after), ("$most", most));
        while (rows.Read())
        {
            reached = rows.Long(0);
            if (rows.IsNull(3) || rows.Int(3) != 0) continue;
            publications.Add(new(reached, DateTimeOffset.FromUnixTimeMilliseconds(rows.Long(1)), rows.Int(2) != 0, FindingRow.Parse(rows.Bytes(4).ToArray())));
        }
        return new(publications, after, reached);
    }

    /// <summary>Looks beside the writer who is due, and writes only where somebody is.</summary>
    private async Task<int> Publish(DateTimeOffset now, Func<Session, List<long>> due, CancellationToken cancel)
    {
        for (var published = 0; ;)
        {
            var numbers = database.Read(due);
            if (numbers.Count == 0) return published;
            published += await database.Write(session => Publish(session, numbers, now.ToUnixTimeMilliseconds()), cancel: cancel);
        }
    }

    private static int Publish(Session session, List<long> numbers, long now)
    {
        var published = 0;
        foreach (var number in numbers)
        {
            // Somebody may have archived or removed it since it was looked at.
            published += session.Execute(
                "INSERT INTO publication (id, time, first) SELECT id, $now, published IS NULL FROM finding WHERE number = $number AND waits = 1", ("$now", now), ("$number", number));
            session.Execute("UPDATE finding SET waits = 0, published = $now WHERE number = $number AND waits = 1", ("$now", now), ("$number", number));
        }
        Prune(session, now - (long)IPublications.Kept.TotalMilliseconds);
        return published;
    }

    private static void Prune(Session session, long before)
    {
        var pruned = session.Execute(
            "DELETE FROM publication WHERE number IN (SELECT number FROM publication ORDER BY number LIMIT $most) AND time < $before", ("$most", MostPrunedAtOnce), ("$before", before));
        if (pruned > 0) session.Execute("DELETE FROM publication_reader WHERE number < (SELECT min(number) FROM publication) - 1");
    }

    private static List<long> First(Session session)
    {
        var numbers = new List<long>();
        using var rows = session.Query("SELECT number FROM finding WHERE waits = 1 AND published IS NULL LIMIT $most", ("$most", Together));
        while (rows.Read()) numbers.Add(rows.Long(0));
        return numbers;
    }

    private static List<long> Due(Session session, long now, Func<string, string, TimeSpan> period)
    {
        var numbers = new List<long>();
        using var rows = session.Query("SELECT number, published, account, region FROM finding WHERE waits = 1 AND published IS NOT NULL ORDER BY published");
        while (numbers.Count < Together && rows.Read())
        {
            // What was published in the future was so before the clock was set back: nobody waits for that time.
            var published = rows.Long(1);
            if (published > now || published + (long)period(rows.Text(2), rows.Text(3)).TotalMilliseconds <= now) numbers.Add(rows.Long(0));
        }
        return numbers;
    }
}
