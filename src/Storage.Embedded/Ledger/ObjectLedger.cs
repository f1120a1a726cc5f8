using System.Runtime.InteropServices;
using System.Text;
using Yagura.Core.Collection;
using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded.Ledger;

/// <summary>The ledger in SQLite.</summary>
public sealed class ObjectLedger(Database database) : ILedger
{
    private const int PrunedAtOnce = 10_000;

    public Task Record(IReadOnlyList<LedgerEntry> entries, CancellationToken cancel = default) => Guarded(() => database.Write(session =>
    {
        foreach (var entry in entries) LedgerWriting.Write(session, entry);
        return entries.Count;
    }, cancel: cancel));

    public Task<IReadOnlyList<LogObjectReference>> Unsettled(IReadOnlyList<LogObjectReference> listed, CancellationToken cancel = default) => Guarded(() => Read<IReadOnlyList<LogObjectReference>>(session =>
        [.. listed.Where(reference => session.Number(
            "SELECT state FROM ledger_object WHERE name = $name AND version = $version", ("$name", reference.Name), ("$version", reference.Version ?? "")) is not { } state || !((LedgerState)state).IsSettled())]));

    public Task<IReadOnlyList<LedgerEntry>> Objects(LedgerQuery query, LedgerPlace? after, int most, CancellationToken cancel = default) => Guarded(() => Read<IReadOnlyList<LedgerEntry>>(session =>
    {
        var (where, parameters) = Where(query, "changed");
        if (after is not null)
        {
            where.Append(" AND (changed < $after OR changed = $after AND (name, version) > ($name, $version))");
            parameters.AddRange([("$after", after.Changed.ToUnixTimeMilliseconds()), ("$name", after.Name), ("$version", after.Version)]);
        }
        parameters.Add(("$most", Math.Clamp(most, 1, 1_000)));
        var entries = new List<LedgerEntry>();
        using var rows = session.Query($"SELECT {LedgerRows.ObjectColumns} FROM ledger_object WHERE {where} ORDER BY changed DESC, name, version LIMIT $most", CollectionsMarshal.AsSpan(parameters));
        while (rows.Read()) entries.Add(LedgerRows.Entry(rows));
        return entries;
    }));

    public Task<IReadOnlyList<LedgerEntry>> Find(string name, CancellationToken cancel = default) => Guarded(() => Read<IReadOnlyList<LedgerEntry>>(session =>
    {
        var entries = new List<LedgerEntry>();
        using var rows = session.Query($"SELECT {LedgerRows.ObjectColumns} FROM ledger_object WHERE name = $name ORDER BY version", ("$name", name));
        while (rows.Read()) entries.Add(LedgerRows.Entry(rows));
        return entries;
    }));

    public Task<IReadOnlyList<LedgerHour>> Hours(LedgerQuery query, int most, CancellationToken cancel = default) => Guarded(() => Read<IReadOnlyList<LedgerHour>>(session =>
    {
        var (where, parameters) = Where(query, "hour");
        parameters.Add(("$most", most));
        var hours = new List<LedgerHour>();
        using (var rows = session.Query($"SELECT {LedgerRows.HourColumns} FROM ledger_hour WHERE {where} ORDER BY hour DESC LIMIT $most", CollectionsMarshal.AsSpan(parameters)))
            while (rows.Read()) hours.Add(LedgerRows.Hour(rows));
        return
        [
            .. hours.OrderBy(hour => hour.Stream.Source, StringComparer.Ordinal).ThenBy(hour => hour.Stream.Account, StringComparer.Ordinal)
                .ThenBy(hour => hour.Stream.Region, StringComparer.Ordinal).ThenBy(hour => hour.Stream.LogType, StringComparer.Ordinal).ThenBy(hour => hour.Hour),
        ];
    }));

    public Task<IReadOnlyList<LedgerStream>> Streams(CancellationToken cancel = default) => Guarded(() => Read<IReadOnlyList<LedgerStream>>(session =>
    {
        var streams = new List<LedgerStream>();
        using var rows = session.Query("SELECT source, account, region, log_type, last_written, rhythm, lag, usual_lag FROM ledger_stream ORDER BY source, account, region, log_type");
        while (rows.Read())
        {
            streams.Add(new(
                LedgerRows.Stream(rows), LedgerRows.Time(rows, 4), Rhythm.FromBytes(rows.Bytes(5).ToArray()),
                TimeSpan.FromMilliseconds(rows.Long(6)), TimeSpan.FromMilliseconds(rows.Long(7))));
        }
        return streams;
    }));

    public async Task<long> Prune(DateTimeOffset before, CancellationToken cancel = default)
    {
        for (long pruned = 0; ;)
        {
            var some = await Guarded(() => database.Write(session => Prune(session, before.ToUnixTimeMilliseconds()), cancel: cancel)); // others write in between
            pruned += some;
            if (some < PrunedAtOnce) return pruned;
        }
    }

    public Task<IReadOnlyList<string>> Verify(CancellationToken cancel = default) => Guarded(() => database.Write(LedgerAudit.Differences, isAlone: true, cancel: cancel));

    private static int Prune(Session session, long before)
    {
        // By the index of changes, oldest first. Only settled ones: what is missing or under way is still looked for.
        const string Old = "SELECT name, version, source, account, region, log_type, hour, changed FROM ledger_object WHERE changed < $before AND state IN (2, 3, 4, 5) ORDER BY changed LIMIT $most";
        session.Execute(
            $"""
            UPDATE ledger_hour SET pruned = 1 WHERE (source, account, region, log_type, hour) IN (SELECT source, account, region, log_type, hour FROM ({Old}))
            """,
            ("$before", before), ("$most", PrunedAtOnce));
        session.Execute($"UPDATE usage_day SET pruned = 1 WHERE day IN (SELECT changed / {UsageRows.MillisecondsOfDay} FROM ({Old}))", ("$before", before), ("$most", PrunedAtOnce));
        return session.Execute($"DELETE FROM ledger_object WHERE (name, version) IN (SELECT name, version FROM ({Old}))", ("$before", before), ("$most", PrunedAtOnce));
    }

    private static (StringBuilder, List<(string Name, SqlValue Value)>) Where(LedgerQuery query, string time)
    {
        var where = new StringBuilder("1");
        var parameters = new List<(string Name, SqlValue Value)>();
        if (query.Source is { } source) Add("source = $source", source);
        if (query.Account is { } account) Add("account = $account", account);
        if (query.Region is { } region) Add("region = $region", region);
        if (query.LogType is { } logtype) Add("log_type = $log_type", logtype);
        if (query.Since is { } since) Add($"{time} >= $since", since.ToUnixTimeMilliseconds());
        if (query.Until is { } until) Add($"{time} < $until", until.ToUnixTimeMilliseconds());
        if (query.State is { } state)
        {
            where.Append(time == "hour" ? $" AND {state.ToString().ToLowerInvariant()} > 0" : $" AND state = {(int)state}");
            // SQLite uses the index of the rare states only where it reads the index's own condition.
            if (time != "hour" && state is not (LedgerState.Applied or LedgerState.Duplicate)) where.Append(" AND state NOT IN (2, 4)");
        }
        return (where, parameters);

        void Add(string condition, SqlValue value)
        {
            where.Append(" AND ").Append(condition);
            parameters.Add((condition[condition.IndexOf('$', StringComparison.Ordinal)..], value));
        }
    }

    private Task<T> Read<T>(Func<Session, T> work) => Task.FromResult(database.Read(work));

    // The ledger's port knows one kind of failure, which sources of logs wait out.
    private static async Task<T> Guarded<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (StorageException error)
        {
            throw new IOException($"the ledger cannot be used: {error.Message}", error);
        }
    }
}
