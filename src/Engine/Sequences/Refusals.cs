using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Detectors.Signals;
using Yagura.Engine.Baselines;
using Yagura.Engine.Findings;
using Yagura.Intel;

namespace Yagura.Engine.Sequences;

/// <summary>Makes clues of calls that were denied one after the other: somebody tries which doors are open.</summary>
/// <remarks>They are counted by the records that acts keep, some of each API and outcome: enough of any burst, and of one API that a program is refused all day too few in an hour.</remarks>
internal static class Refusals
{
    private const int MostEvidence = 3;

    /// <summary>One clue for each identity, of all hours (by the clock, UTC) in which there were enough.</summary>
    public static IEnumerable<Clue> Of(IEnumerable<Act> acts, IntelSnapshot intel)
    {
        var row = SignalApis.Denied;
        foreach (var own in acts.Where(act => act.IsDenied && act.Actor.Principal != ApiCallFacts.Anonymous).GroupBy(act => (act.Actor.Account, act.Actor.Identity)))
        {
            var hours = own.SelectMany(act => act.Records.Select(record => (Act: act, Record: act.ToEvidence(record)))).DistinctBy(one => one.Record.Identity)
                .GroupBy(one => one.Record.Time.UtcTicks / TimeSpan.TicksPerHour).Where(hour => hour.Count() >= row.Least)
                .OrderBy(hour => hour.Key).Select(hour => hour.OrderBy(one => one.Record, Evidence.ByTime).ToList()).ToList();
            if (hours.Count == 0) continue;
            var last = hours[^1][0].Act;
            yield return new(
                FindingKey.Hash("signal", own.Key.Account, own.Key.Identity, row.EventSource, row.Name), SignalType.CloudTrail, row.Name, row.Tactic, row.Technique, row.What,
                last.ToDetection(new("Signal:API/Call"), Severity.Low, own.Key.Identity, own.Key.Identity, intel, row.What), hours.Sum(hour => hour.Count),
                [.. hours.Select(hour => new Occurrence(hour[0].Record.Time, hour[^1].Record.Time, hour.Count, [.. hour.Take(MostEvidence).Select(one => one.Record)]))]);
        }
    }
}
