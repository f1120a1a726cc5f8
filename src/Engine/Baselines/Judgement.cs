using System.Globalization;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Detectors;
using Yagura.Engine.Findings;

namespace Yagura.Engine.Baselines;

/// <summary>Says which acts are out of the usual enough to be told: at most so many a day in each account as its noise budget allows, in the long run.</summary>
/// <remarks>
/// <para>The acts of a day that would make one finding (a type, principal, region and bucket) are judged together, by the most surprising of them and by how many APIs of theirs are surprising by
/// themselves. Their score has to reach the account's threshold: the <see cref="Floor"/>, or the score that no more than the budget's findings a day reached in the days before, if that is higher.</para>
/// <para>All is a function of what was learnt, so order, cuts and repeats of the logs do not matter.</para>
/// </remarks>
internal sealed class Judgement(Behaviour behaviour, double budget = Judgement.DefaultBudget)
{
    /// <summary>Findings of Medium or more per account and day, in the long run.</summary>
    public const double DefaultBudget = 1;

    /// <summary>Bits below which nothing is told, however quiet the account: a client and a network that are new to somebody, on a call that is usual.</summary>
    public const double Floor = 16;

    /// <summary>The same in an account that is not known yet, where the API and its amount alone speak.</summary>
    public const double ColdFloor = 10;

    /// <summary>Bits from which an API counts as surprising by itself.</summary>
    private const double SurprisingApi = 6;

    private const double MostBreadth = 6;

    private const int MostNamed = 10;

    /// <summary>How many times the budget of a day one day counts at most when the threshold is set.</summary>
    private const int MostBudgetsOfADay = 3;

    private Surprise _surprise = new(behaviour);

    /// <summary>What reached the floor and not the threshold of its account.</summary>
    public int HeldBack { get; private set; }

    /// <summary>The acts of one day that would make one finding, the most surprising first.</summary>
    private sealed record Candidate(FindingKey Key, Severity Severity, double Breadth, IReadOnlyList<(Act Act, double Score)> Acts)
    {
        public Act Top => Acts[0].Act;
        public double Score => Acts[0].Score + Breadth;
    }

    /// <summary>A candidate that is told.</summary>
    /// <param name="Why">What the threshold rests on.</param>
    private sealed record Told(Candidate Candidate, double Threshold, string Why)
    {
        public IEnumerable<Act> Acts => Candidate.Acts.Where(act => act.Score + Candidate.Breadth >= Threshold).Select(act => act.Act);

        /// <summary>The records that show it: of each act the first before the second of any; then what the principal went on to do of the same kind, usual or not.</summary>
        public IEnumerable<Evidence> Records()
        {
            var acts = Acts.ToList();
            var since = acts.Min(act => act.First.Time);
            var after = Candidate.Acts.Select(act => act.Act).Except(acts).SelectMany(act => act.Records.Where(record => record.Time >= since).Select(act.ToEvidence));
            return acts.SelectMany((act, place) => act.Records.Select((record, index) => (record: act.ToEvidence(record), index, place))).OrderBy(record => record.index).ThenBy(record => record.place).Select(record => record.record)
                .Concat(after.Order(Evidence.ByTime));
        }
    }

    /// <summary>Every finding that what was learnt shows.</summary>
    /// <param name="scored">Takes each act with its score and the threshold it was held against, told or not; null to do without.</param>
    public IEnumerable<(FindingKey Key, FindingState State)> Findings(Knowledge knowledge, Action<Act, double, double>? scored = null)
    {
        behaviour.Settle();
        var told = new List<Told>();
        foreach (var account in OfNote(scored is not null).GroupBy(act => act.Actor.Account, StringComparer.Ordinal))
        {
            var past = new List<Candidate>();
            foreach (var day in account.GroupBy(act => act.Day).OrderBy(day => day.Key))
            {
                var today = day.GroupBy(KeyOf).Select(acts => Weigh(acts.Key, acts)).ToList();
                past.RemoveAll(candidate => candidate.Top.Day < day.Key - ProfileStore.HistoryDays);
                var (low, graver) = (Loudest(past, isLow: true), Loudest(past, isLow: false));
                foreach (var candidate in today)
                {
                    var (threshold, why) = ThresholdFor(candidate, candidate.Severity == Severity.Low ? low : graver);
                    if (candidate.Score >= Floor && candidate.Score < threshold) HeldBack++;
                    if (scored is not null) foreach (var (act, score) in candidate.Acts) scored(act, score + candidate.Breadth, threshold);
                    if (candidate.Score >= threshold) told.Add(new(candidate, threshold, why));
                }
                past.AddRange(today);
            }
        }
        return told.GroupBy(one => one.Candidate.Key).Select(finding => (finding.Key, Tell([.. finding.OrderByDescending(one => one.Candidate.Score).ThenBy(one => one.Candidate.Top.Day)], knowledge)));
    }

    /// <summary>The acts of those who did something on a day that may be told, which few did.</summary>
    private IReadOnlyList<Act> OfNote(bool all)
    {
        var unusual = behaviour.Unusual().ToList();
        // Only where an account is new do the others of the day have to stand in for its past.
        _surprise = new(behaviour, new(unusual.Where(act => !IsKnown(act))));
        if (all) return unusual;
        // In a new account nothing but the API and its amount speaks, and most APIs do not speak up.
        bool MaySpeak(Act act) => IsKnown(act) || act.IsDenied || !act.IsDiscovery;
        var noted = unusual.Where(act => MaySpeak(act) && _surprise.Score(act, parts: null) >= (IsKnown(act) ? Floor - MostBreadth : ColdFloor)).Select(act => (act.Actor.Self, act.Api.Family.Type, act.Day)).ToHashSet();
        return [.. unusual.Where(act => noted.Contains((act.Actor.Self, act.Api.Family.Type, act.Day)))];
    }

    private static FindingKey KeyOf(Act act) => new(
        act.Api.Family.Type, act.Actor.Account, RegionOf(act), act.Bucket.Length > 0 ? act.Bucket : act.Actor.Principal, act.Actor.Principal);

    private static string RegionOf(Act act) => act.Region.Length == 0 ? FindingKey.UnknownRegion : ApiCallFacts.Region(act.Api.Source, act.Region);

    private Candidate Weigh(FindingKey key, IEnumerable<Act> acts)
    {
        List<(Act Act, double Score)> scores =
        [
            .. acts.Select(act => (Act: act, Score: _surprise.Score(act, parts: null)))
                .OrderByDescending(act => act.Score).ThenBy(act => act.Act.First.Time).ThenBy(act => act.Act.First.Identity),
        ];
        var severity = FindingTypeCatalog.TryGet(key.Type, out var entry) ? entry.DefaultSeverity ?? Severity.Medium : Severity.Medium;
        return new(key, severity, IsKnown(scores[0].Act) ? BreadthOf(scores.Select(act => act.Act)) : 0, scores);
    }

    private double BreadthOf(IEnumerable<Act> acts)
    {
        var surprising = Surprising(acts).Count();
        return surprising > 1 ? Math.Min(2 * Math.Log2(surprising), MostBreadth) : 0;
    }

    private IEnumerable<string> Surprising(IEnumerable<Act> acts) =>
        acts.Where(act => _surprise.OfApi(act) >= SurprisingApi).Select(act => act.Api.Text).Distinct(StringComparer.Ordinal);

    private bool IsKnown(Act act) => act.History > behaviour.Profiles.Oldest && _surprise.DaysOfAccount(act) >= Surprise.WarmUp;

    /// <summary>The scores of the days before that reached the floor, the highest first. No day counts for more than a few: one loud day, which an attacker can make, must not hide the days after it.</summary>
    /// <remarks>Low findings have a budget of their own: they must not crowd out graver ones, nor the other way round.</remarks>
    private List<double> Loudest(IEnumerable<Candidate> past, bool isLow) =>
    [
        .. past.Where(earlier => (earlier.Severity == Severity.Low) == isLow && earlier.Score >= Floor).GroupBy(earlier => earlier.Top.Day)
            .SelectMany(day => day.Select(earlier => earlier.Score).OrderDescending().Take((int)Math.Ceiling(MostBudgetsOfADay * budget))).OrderDescending(),
    ];

    /// <summary>The threshold on a candidate's day, by what the days before would have told.</summary>
    private (double Threshold, string Why) ThresholdFor(Candidate candidate, List<double> loudest)
    {
        if (!IsKnown(candidate.Top)) return (ColdFloor, "the account is not known yet");
        var days = _surprise.DaysOfAccount(candidate.Top);
        var allowed = (int)Math.Ceiling(budget * days);
        return loudest.Count <= allowed ? (Floor, "the least for any account")
            : (loudest[allowed], $"{loudest.Count} on the last {days} days reached {Floor:0}, and {budget:0.##} a day are wanted");
    }

    /// <param name="days">The most surprising one first: it is what the finding shows.</param>
    private FindingState Tell(IReadOnlyList<Told> days, Knowledge knowledge)
    {
        var acts = days.SelectMany(day => day.Acts).ToList();
        var records = acts.SelectMany(act => act.Records).ToList();
        var isExact = acts.All(act => act.Sketch is null);
        var state = new FindingState(isExact ? Occurrences.Of(records.Select(record => record.Identity)) : Occurrences.Estimated((long)acts.Sum(act => act.Calls)), records.Min(record => record.Time), records.Max(record => record.Time));
        foreach (var record in days.SelectMany(day => day.Records()).DistinctBy(record => record.Identity).Take(FindingState.MostEvidence)) state.Keep(record);
        var top = days[0].Candidate.Top;
        state.Offer(Detect(days[0], knowledge), top.ToEvidence(top.First));
        return state;
    }

    private Detection Detect(Told told, Knowledge knowledge)
    {
        var (candidate, threshold, why) = told;
        var act = candidate.Top;
        var parts = new List<ScorePart>();
        _surprise.Score(act, parts);
        if (candidate.Breadth > 0) parts.Add(new("number of unusual APIs", NameSurprising(candidate), candidate.Breadth, []));
        parts.Sort((one, other) => other.Score.CompareTo(one.Score));
        var progress = _surprise.Progress(act);
        var anomaly = new Anomaly(candidate.Score, threshold, "bits", progress, parts, Quiet(act, parts)) { Profile = Portrait.Of(behaviour, [.. told.Acts], _surprise.VolumesOf(act)) };
        return act.ToDetection(new(candidate.Key.Type), candidate.Severity, candidate.Key.Subject, act.Actor.Principal, knowledge.Intel, InWords.Of(anomaly, why)) with { Anomaly = anomaly };
    }

    private string NameSurprising(Candidate candidate)
    {
        var apis = Surprising(candidate.Acts.Select(act => act.Act)).ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{apis.Count}: {string.Join(", ", apis.Take(MostNamed))}{(apis.Count > MostNamed ? " …" : "")}");
    }

    private static IReadOnlyList<string> Quiet(Act act, IReadOnlyList<ScorePart> parts)
    {
        List<string> quiet =
        [
            act is { IsDiscovery: true, IsDenied: false } ? $"The same on {Behaviour.UsualDays} days: from then on it is usual for {act.Actor.Principal}."
                : $"The same on more days: each makes it less surprising of {act.Actor.Principal}.",
        ];
        if (parts.Any(part => part is { Feature: "network" or "country", Score: >= 3 }) && !act.Place.Address.IsNone) quiet.Add($"{act.Place.Address} on a trusted list (--trusted), if it is your own.");
        quiet.Add($"A suppression for this type with service.action.awsApiCallAction.api = {act.Api.Name} and the identity, with a reason and an end (--suppress).");
        return quiet;
    }
}
