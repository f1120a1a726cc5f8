using System.Globalization;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;
using Yagura.Logs;

namespace Yagura.Detectors.Trojan.EC2;

/// <summary>An instance asks in vain for one registered domain after the other whose labels nobody would have chosen.</summary>
/// <remarks>
/// Malware computes many names of which its operator registers one, so it meets mostly names that do not exist. Counted are registered domains, not names: a search list, a browser's
/// probes and a block list ask below few. Blind spots: names put together from words, an algorithm whose names all exist, fewer than <see cref="FewestMade"/> names in twelve hours.
/// </remarks>
public sealed class DgaDomainRequestB : StatefulDetector<DnsQuery, AskedDomains>
{
    /// <summary>Bits by which a run of domains must rather be made than chosen. Draws of 50 registered names stay below 50, runs of 5,000 too.</summary>
    public const double LeastBits = 100;

    /// <summary>Domains of the run that must look made.</summary>
    public const int FewestMade = 15;

    /// <summary>Characters of a label below which it may be anybody's initials.</summary>
    private const int ShortestMade = 5;

    /// <summary>Bits from which on a domain that was answered is worth telling.</summary>
    private const double TellingBits = 8;

    private const int MostNamed = 3;

    private static readonly TypeBinding Type = new("Trojan:EC2/DGADomainRequest.B");

    public override IReadOnlyList<TypeBinding> Types { get; } = [Type];

    public override string Name => "asked-domains";

    public override void Observe(DnsQuery query, Knowledge knowledge, ISteps<AskedDomains> steps)
    {
        var name = query.Name;
        var domain = knowledge.Intel.RegisteredDomain(name);
        if (domain.IsEmpty) return;
        var failed = query.NameIsMissing || query.Blocked || query[DnsField.ResponseCode].SequenceEqual("SERVFAIL"u8);
        var label = domain[..Math.Max(0, domain.IndexOf((byte)'.'))];
        var made = label.StartsWith("xn--"u8) ? 0 : LabelModel.Made(label); // the letters of Punycode say nothing
        if (label.Length < ShortestMade) made = Math.Min(made, 0);
        if (!failed && made < TellingBits) return;
        if (KnownZones.Holds(name) || knowledge.Intel.IsTrustedDomain(name)) return;

        var (lateIn, earlyIn) = QueryWindows.KeysOf(query, domain: []);
        Add(steps.Of(earlyIn), query, domain, made, failed, steps.ObjectName);
        var state = steps.Of(lateIn);
        Add(state, query, domain, made, failed, steps.ObjectName);
        if (!failed || made <= 0 || !FirstQuery.MayBe(query, state.First)) return;
        var detection = DnsFacts.Detection(query, Type.Type, Severity.High, knowledge, why: "");
        state.First = FirstQuery.Earlier(state.First, new(detection, Evidence.Of(query, steps.ObjectName, DnsFacts.Summary(query))));
    }

    public override IEnumerable<Decision> Decide(AskedDomains state, Knowledge knowledge)
    {
        if (state.Telling.Kept < FewestMade || state.First is not { } first) yield break;
        var run = MadeRun.Of(state.Failed);
        if (run.Bits < LeastBits || run.Made < FewestMade) yield break;
        var telling = state.Telling.Things.Where(made => made.Record.Time >= run.First && made.Record.Time <= run.Last).OrderBy(made => made.Record, Evidence.ByTime).ToList();
        if (telling.Count == 0) yield break;

        var answered = state.Answered.Things.Where(made => made.Record.Time >= run.First).OrderBy(made => made.Record, Evidence.ByTime).Select(made => made.Domain).ToList();
        var share = state.Failed.IsPart ? $" (a sample of {state.Failed.Count})" : "";
        var why = string.Create(CultureInfo.InvariantCulture, $"""
            {run.Made} of {run.Domains} registered domains{share} asked for in vain within {SpanText.Of(run.Last - run.First)} look made: {run.Bits:F0} bits against names that a person chose (from {LeastBits:F0} on), {run.Length:F0} characters on average, such as {string.Join(", ", telling.Take(MostNamed).Select(made => made.Domain))}; {Answered(answered)}
            """);
        var detection = first.Detection with
        {
            Why = why,
            Anomaly = Anomaly.OfAmount(
                "domains asked for in vain that look made", $"{run.Made} of {run.Domains}{share}", run.Bits, LeastBits, "bits of evidence",
                $"less than {LeastBits:F0} bits against names that a person chose, or fewer than {FewestMade} domains that look made",
                "answers: a domain that exists does not count",
                "the domains on a trusted list (--trusted), if they are made by software of your own"),
            Action = (DnsRequestAction)first.Detection.Action with { Domain = telling[0].Name, DomainWithSuffix = telling[0].Domain },
            AdditionalInfo = [new("domain", telling[0].Domain)],
        };
        var occurrences = new Occurrences(FindingState.ExactOccurrences);
        occurrences.Merge(state.Occurrences);
        yield return new(detection, new FindingState(
            occurrences, FindingState.MostEvidence, run.First, run.Last, detection, first.Record, detection.Severity, [.. telling.Select(made => made.Record)]));
    }

    private static string Answered(List<string> domains) => domains.Count switch
    {
        0 => "none that looks made was answered",
        <= MostNamed => $"answered was {string.Join(", ", domains)}",
        _ => $"answered were {string.Join(", ", domains.Take(MostNamed))} and more",
    };

    private static void Add(AskedDomains state, DnsQuery query, ReadOnlySpan<byte> domain, double made, bool failed, string objectName)
    {
        Span<byte> lower = stackalloc byte[domain.Length];
        Utf8.Lower(domain, lower);
        var number = (ulong)ContentHash.Of(lower);
        if (failed)
        {
            state.Failed.Add(new(number, query.Time.UtcTicks, query.Time.UtcTicks, AskedDomain.WeightOf(made), (short)domain.IndexOf((byte)'.')));
            if (made <= 0) return;
            state.Occurrences.Add(query.Identity);
        }
        var telling = TellingDomain.NumberOf(made, number);
        var most = failed ? state.Telling : state.Answered;
        if (most.Keeps(telling))
            most.Add(new(telling, Utf8.Text(query.Name).ToLowerInvariant(), Utf8.Text(lower), Evidence.Of(query, objectName, DnsFacts.Summary(query))));
    }
}
