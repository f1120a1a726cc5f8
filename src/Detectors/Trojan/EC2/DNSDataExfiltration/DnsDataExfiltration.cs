using System.Globalization;
using System.Text;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Intel;
using Yagura.Logs;

namespace Yagura.Detectors.Trojan.EC2;

/// <summary>An instance asks for ever different names below one registered domain, which together can carry more data than look-ups need to.</summary>
/// <remarks>
/// A tunnel may change its tool, its encoding, its record types and its pace; it cannot do without bits in names that never repeat, since a name that was asked
/// before is answered from a cache and reaches nobody. So these are counted (<see cref="CarriedBits"/>), for an instance, a registered domain and a window.
/// Blind spots: data spelt in words, in names that look like addresses, or spread over many domains; less than <see cref="LeastBits"/> in twelve hours.
/// </remarks>
public sealed class DnsDataExfiltration : StatefulDetector<DnsQuery, CarriedNames>
{
    /// <summary>Different names without which nothing is a tunnel.</summary>
    public const double FewestNames = 24;

    /// <summary>Bits in ten minutes from which on it is one: 1 KiB. About 120 names of a content network that were never asked for before.</summary>
    public const double LeastBurst = 8 * 1024;

    /// <summary>Bits in a window from which on it is one: 3 KiB.</summary>
    public const double LeastBits = 3 * LeastBurst;

    private const int ShortestName = 12, ShortestPart = 4, LongestName = 1_024;

    private static readonly TypeBinding Type = new("Trojan:EC2/DNSDataExfiltration");

    public override IReadOnlyList<TypeBinding> Types { get; } = [Type];

    public override string Name => "carried-names";

    public override void Observe(DnsQuery query, Knowledge knowledge, ISteps<CarriedNames> steps)
    {
        var name = query.Name;
        if (name.Length is < ShortestName or > LongestName) return;
        var domain = knowledge.Intel.RegisteredDomain(name);
        var below = name[..Math.Max(0, name.Length - domain.Length - 1)];
        if (domain.IsEmpty || below.Length < ShortestPart) return;
        if (KnownZones.Holds(domain)) return; // most names by far, for the price of one look
        Span<byte> buffer = stackalloc byte[LongestName];
        var encoded = buffer[..EncodedPart.Of(below, buffer)];
        if (encoded.IsEmpty || KnownZones.Holds(name) || knowledge.Intel.IsTrustedDomain(name)) return;
        if (query.NameIsMissing && EncodedPart.IsWholeName(below)) return;

        var number = (ulong)ContentHash.Of(encoded);
        var (lateIn, earlyIn) = QueryWindows.KeysOf(query, domain);
        Evidence? evidence = null;
        Add(steps.Of(earlyIn), number, encoded, query, steps.ObjectName, ref evidence);
        var state = steps.Of(lateIn);
        Add(state, number, encoded, query, steps.ObjectName, ref evidence);
        if (!FirstQuery.MayBe(query, state.First)) return;
        var registered = Utf8.Text(domain).ToLowerInvariant();
        var detection = DnsFacts.Detection(query, Type.Type, Severity.High, knowledge, why: "");
        detection = detection with { Action = (DnsRequestAction)detection.Action with { DomainWithSuffix = registered }, AdditionalInfo = [new("domain", registered)] };
        state.First = FirstQuery.Earlier(state.First, new(detection, evidence ?? Evidence.Of(query, steps.ObjectName, DnsFacts.Summary(query))));
    }

    public override IEnumerable<Decision> Decide(CarriedNames state, Knowledge knowledge)
    {
        if (state.Names.Count < FewestNames || state.First is not { } first) yield break;
        var carried = CarriedBits.Of(state);
        if (carried.Names < FewestNames || carried.Names < carried.Returned || (carried.Burst < LeastBurst && carried.Total < LeastBits)) yield break;
        var domain = ((DnsRequestAction)first.Detection.Action).DomainWithSuffix;
        var span = state.Seen.LastSeen - state.Seen.FirstSeen;
        var why = string.Create(CultureInfo.InvariantCulture, $"""
            {carried.Names:F0} different names below {domain} within {SpanText.Of(span)}, which can carry {carried.Total / 8:N0} bytes ({carried.Burst / 8:N0} in ten minutes; from {LeastBurst / 8:N0} on, or {LeastBits / 8:N0} in the window, it is a tunnel): {carried.Length:F0} encoded characters and {carried.Fresh:F0} new bits a name, {carried.Returned:F0} names came back
            """);
        var (amount, limit, within) = carried.Burst >= LeastBurst ? (carried.Burst, LeastBurst, "ten minutes") : (carried.Total, LeastBits, "twelve hours");
        var detection = first.Detection with
        {
            Why = why,
            Anomaly = Anomaly.OfAmount(
                $"bytes that new names below one domain can carry in {within}",
                string.Create(CultureInfo.InvariantCulture, $"{amount / 8:N0} below {domain}; in all {carried.Names:F0} names with {carried.Fresh:F0} new bits each"), amount / 8, limit / 8, "bytes",
                string.Create(CultureInfo.InvariantCulture, $"names that carry less than {LeastBurst / 8:N0} bytes in ten minutes and {LeastBits / 8:N0} in twelve hours"),
                $"fewer than {FewestNames} different names, or more that are asked for again than are not",
                $"{domain} on a trusted list (--trusted), if it is known to work like this"),
        };
        var seen = new FindingState();
        seen.Merge(state.Seen);
        seen.Offer(detection, first.Record);
        yield return new(detection, seen);
    }

    private static void Add(CarriedNames state, ulong number, ReadOnlySpan<byte> encoded, DnsQuery query, string objectName, ref Evidence? evidence)
    {
        state.Names.Add(new(number, query.Time.UtcTicks, query.Time.UtcTicks, encoded.Length));
        if (state.Texts.Keeps(number)) state.Texts.Add(new(number, Encoding.Latin1.GetString(encoded)));
        state.Seen.Add(query, objectName, ref evidence);
    }
}
