using System.Runtime.InteropServices;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;

namespace Yagura.Detectors.Behavior.EC2;

/// <summary>An instance sends far more to one public host than it used to: to this host where it is known, else to any.</summary>
/// <remarks>Amounts are estimates from a sample; what hides in a much larger volume of the same day is not seen.</remarks>
public static class TrafficVolumeUnusual
{
    /// <summary>Bits, that is doublings: eight times as much as on any day before.</summary>
    public const double Threshold = 3;

    /// <summary>Bytes a day to one host below which nothing is compared: eight times as much, 537 MB, is the least that is reported.</summary>
    public const double Little = 64 << 20;

    /// <summary>Days with a known amount from which on a host is compared with itself.</summary>
    public const int DaysOfKnownHost = 3;

    public static TypeBinding Type { get; } = new("Behavior:EC2/TrafficVolumeUnusual");

    public static Decision? Judge(Habits habits, Knowledge knowledge)
    {
        if (habits.Sent is not { } sent) return null;
        var perDay = new Dictionary<int, Day>();
        Day On(int day) => perDay.TryGetValue(day, out var known) ? known : perDay[day] = Day.Of(sent.On(day));
        var found = new List<FindingState>();
        foreach (var day in sent.JudgedDays.Where(day => habits.IsSentRemembered(day) && habits.Known(day) >= Habits.Needed))
        {
            var amounts = Day.Of(sent.JudgedBy(day)).ToHost;
            foreach (var shown in sent.JudgedBy(day).SelectMany(part => part.Heaviest).GroupBy(record => record.Peer))
            {
                if (amounts.GetValueOrDefault(shown.Key) < Little * Math.Pow(2, Threshold)) continue;
                var heaviest = shown.Aggregate((one, other) => other.IsShownBefore(one) ? other : one);
                if (Judge(habits, day, heaviest, amounts[shown.Key], [.. habits.KnownDays(day).Select(On)], knowledge) is { } detection)
                    found.Add(Shown(sent.JudgedBy(day), shown, detection, heaviest));
            }
        }
        if (found.Count == 0) return null;
        var all = FindingState.Sum(found);
        return new(all.Latest!, all);
    }

    /// <param name="days">The known days before.</param>
    private static Detection? Judge(Habits habits, int day, HeavyRecord heaviest, double amount, IReadOnlyList<Day> days, Knowledge knowledge)
    {
        var toHost = days.Select(known => known.ToHost.GetValueOrDefault(heaviest.Peer)).ToList();
        var daysToHost = toHost.Count(bytes => bytes > 0);
        var isKnown = daysToHost >= DaysOfKnownHost;
        var most = isKnown ? toHost.Max() : days.Max(known => known.Most);
        var score = Math.Log2(amount / Math.Max(Little, most));
        if (score < Threshold) return null;

        var flow = heaviest.Flow.Flow;
        var instance = flow.Subject(FlowSide.Destination, knowledge.Inventory);
        var host = flow.Remote(FlowSide.Destination);
        var why = $"the instance sent about {Amounts.Bytes(amount)} to {host} within a day; on {days.Count} days with records before it had sent "
            + (most < Little ? $"less than {Amounts.Bytes(Little)}" : $"at most {Amounts.Bytes(most)}") + (isKnown ? " to it in a day" : " to any one host in a day");
        return FlowFacts.Detection(flow, FlowSide.Destination, heaviest.Initiator, Type.Type, Severity.Medium, knowledge, why) with
        {
            Role = ResourceRole.Actor,
            AdditionalInfo = [new("outBytes", ((long)amount).ToString(System.Globalization.CultureInfo.InvariantCulture))],
            Anomaly = new(score, Threshold, "bits", habits.Progress(instance, day),
            [
                new("number of bytes sent to one host within a day", Amounts.Bytes(amount), score,
                [
                    new("instance", $"{instance} to {host}", daysToHost, days.Count, FirstDay(habits, day, toHost), Amounts.Quantiles(toHost, "bytes a day")),
                    new("instance", $"{instance} to the host that got most", DaysSeen: null, days.Count, FirstSeen: null, Amounts.Quantiles(days.Select(known => known.Most), "bytes a day")),
                ]),
            ],
            [
                $"{Amounts.Bytes(amount / Math.Pow(2, Threshold))} or more sent to {(isKnown ? "this host" : "any one host")} on a day of the {Habits.Window} before",
                $"less than {Amounts.Bytes(Math.Max(Little, most) * Math.Pow(2, Threshold))} a day",
                "a suppression rule for the remote address, if it is where backups or copies go",
            ]),
        };
    }

    private static DateOnly? FirstDay(Habits habits, int day, IReadOnlyList<double> amounts) =>
        habits.KnownDays(day).Zip(amounts).Where(known => known.Second > 0).Select(known => (DateOnly?)DateOnly.FromDayNumber(known.First)).FirstOrDefault();

    /// <summary>What was sent on a day.</summary>
    /// <param name="ToHost">Bytes by the hash of the host.</param>
    /// <param name="Most">To the host that got most.</param>
    private sealed record Day(Dictionary<ulong, double> ToHost, double Most)
    {
        public static Day Of(IEnumerable<BytesSent> parts)
        {
            var toHost = new Dictionary<ulong, double>();
            foreach (var part in parts)
            {
                foreach (var record in part.Sample.Items) CollectionsMarshal.GetValueRefOrAddDefault(toHost, record.Peer, out _) += part.Sample.WeightOf(record);
            }
            return new(toHost, toHost.Values.DefaultIfEmpty().Max());
        }
    }

    /// <summary>The sampled records to the host, of which the heaviest of each part is shown.</summary>
    private static FindingState Shown(IEnumerable<BytesSent> parts, IEnumerable<HeavyRecord> shown, Detection detection, HeavyRecord heaviest)
    {
        var records = parts.SelectMany(part => part.Sample.Items).Where(record => record.Peer == heaviest.Peer).ToList();
        var occurrences = new Occurrences(FindingState.ExactOccurrences);
        foreach (var record in records) occurrences.Add(record.Identity);
        var state = new FindingState(
            occurrences, FindingState.MostEvidence, DateTimeOffset.FromUnixTimeSeconds(records.Min(record => record.Start)), DateTimeOffset.FromUnixTimeSeconds(records.Max(record => record.End)),
            latest: null, latestRecord: null, Severity.Low, [.. shown.Select(record => record.Flow.Record)]);
        state.Offer(detection, heaviest.Flow.Record);
        return state;
    }
}
