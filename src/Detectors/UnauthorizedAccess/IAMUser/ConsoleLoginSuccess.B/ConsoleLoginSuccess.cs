using System.Buffers.Binary;
using System.Globalization;
using Yagura.Core.Findings;
using Yagura.Intel;
using Yagura.Logs;

namespace Yagura.Detectors.UnauthorizedAccess.IAMUser;

/// <summary>One person signs in to the console from two places, sooner one after the other than anybody travels.</summary>
/// <remarks>
/// Places are as far apart as they are at least, by what the location database knows: cities, else countries (<see cref="Whereabouts"/>). Addresses of AWS are no places: people reach the console through
/// machines and gateways there. State: up to <see cref="SignIns.Most"/> sign-ins of about 2 kB for a person and two days. Source: GuardDuty user guide, "UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B".
/// </remarks>
public sealed class ConsoleLoginSuccess : StatefulDetector<ApiCall, SignIns>
{
    /// <summary>Kilometres an hour: an airliner, without the way to it.</summary>
    public const double Fastest = 1000;

    /// <summary>Kilometres apart below which databases may be wrong about either end.</summary>
    public const double Near = 500;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static readonly TypeBinding Type = new NeedsPlaces("UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B");

    private sealed record NeedsPlaces(string Name) : TypeBinding(Name)
    {
        public override string? Off(Knowledge knowledge) => knowledge.Intel.TellsPlaces ? null : "no location database";
    }

    public override IReadOnlyList<TypeBinding> Types { get; } = [Type];

    public override string Name => "console-sign-ins";

    public override void Observe(ApiCall call, Knowledge knowledge, ISteps<SignIns> steps)
    {
        if (!call.Name.SequenceEqual("ConsoleLogin"u8) || !call.Source.SequenceEqual("signin.amazonaws.com"u8) || call.Address.IsNone || !call.Address.IsPublic || !HasSucceeded(call)) return;
        var person = PersonOf(call);
        if (person.IsEmpty) return;
        var name = Utf8.Text(person);
        var about = ApiCallFacts.AboutCaller(call, Type.Type, Severity.Medium, knowledge, why: "") with { Subject = name, Principal = name };
        var signIn = new SignIn(call.Address, about, Evidence.Of(call, steps.ObjectName, ApiCallFacts.Summary(call)));
        // Two days that overlap by one: whatever lies within a day lies within one of them.
        var day = call.Time.UtcTicks / Day.Ticks;
        steps.Of(KeyOf(call.AccountId, person, day - 1)).Add(signIn);
        steps.Of(KeyOf(call.AccountId, person, day)).Add(signIn);
    }

    // A refused one has a message, and no error code.
    private static bool HasSucceeded(ApiCall call) => call.Succeeded && call[ApiField.ErrorMessage].IsEmpty && call[ApiField.ResponseElements].IndexOf("Success"u8) >= 0;

    /// <summary>A user or root; of a role that people take, each by the name of the session.</summary>
    private static ReadOnlySpan<byte> PersonOf(ApiCall call) => call[ApiField.UserArn] is { IsEmpty: false } arn ? arn : call[ApiField.PrincipalId];

    private static EntityKey KeyOf(ReadOnlySpan<byte> account, ReadOnlySpan<byte> person, long day)
    {
        Span<byte> days = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(days, day);
        return EntityKey.Of(account, person, days);
    }

    private readonly record struct Placed(SignIn SignIn, Whereabouts Place)
    {
        public DateTimeOffset Time => SignIn.Record.Time;
    }

    /// <summary>Two sign-ins, the earlier first.</summary>
    private readonly record struct Journey(Placed From, Placed To)
    {
        public double Kilometres => From.Place.LeastDistance(To.Place);
        public TimeSpan Time => To.Time - From.Time;
        public bool IsImpossible => Kilometres > Near && Kilometres > Fastest * Time.TotalHours;
    }

    public override IEnumerable<Decision> Decide(SignIns state, Knowledge knowledge)
    {
        var signIns = state.All.Order(SignIn.ByTime).Select(signIn => Locate(signIn, knowledge.Intel)).OfType<Placed>().ToList();
        var journeys = new List<Journey>();
        for (var from = 0; from < signIns.Count; from++)
        {
            for (var to = from + 1; to < signIns.Count; to++)
            {
                var journey = new Journey(signIns[from], signIns[to]);
                if (journey.IsImpossible) journeys.Add(journey);
            }
        }
        if (journeys.Count == 0) yield break;
        var records = journeys.SelectMany(journey => new[] { journey.From, journey.To }).Select(placed => placed.SignIn.Record).DistinctBy(record => record.Identity).Order(Evidence.ByTime).ToList();
        var occurrences = new FindingState(Occurrences.Of(records.Select(record => record.Identity)), records[0].Time, records[^1].Time);
        foreach (var record in records) occurrences.Keep(record);
        // Of all journeys to the last of these places, the one that was missed by most.
        var last = journeys.MaxBy(journey => journey.To.SignIn, SignIn.ByTime).To.SignIn;
        var farthest = journeys.Where(journey => journey.To.SignIn == last).MaxBy(journey => journey.Kilometres - Fastest * journey.Time.TotalHours);
        var partly = state.Sample.IsPart ? string.Create(CultureInfo.InvariantCulture, $"; of some {state.Sample.Count:N0} sign-ins in two days {SignIns.Most} were compared") : "";
        var limit = Math.Max(Near, Fastest * farthest.Time.TotalHours);
        var detection = last.About with
        {
            Why = Say(farthest) + partly,
            Anomaly = Anomaly.OfAmount(
                "distance between two places of sign-in", $"at least {farthest.Kilometres.ToString("N0", CultureInfo.InvariantCulture)} km within {SpanText.Of(farthest.Time)}", farthest.Kilometres, limit, "km",
                string.Create(CultureInfo.InvariantCulture, $"places less than {limit:N0} km apart, or {SpanText.Of(TimeSpan.FromHours(farthest.Kilometres / Fastest))} between the sign-ins"),
                $"{farthest.From.SignIn.Address} or {farthest.To.SignIn.Address} on a trusted list (--trusted), if it is where your people come out"),
        };
        occurrences.Offer(detection, last.Record);
        yield return new Decision(detection, occurrences);
    }

    private static Placed? Locate(SignIn signIn, IntelSnapshot intel) =>
        intel.IsTrusted(signIn.Address) || intel.IsAws(signIn.Address) == true || Whereabouts.Of(intel.Locate(signIn.Address)) is not { } place ? null : new(signIn, place);

    private static string Say(Journey journey)
    {
        var (from, to) = (journey.From, journey.To);
        var needed = TimeSpan.FromHours(journey.Kilometres / Fastest);
        return string.Create(CultureInfo.InvariantCulture,
            $"signed in from {from.Place.Name} ({from.SignIn.Address}) at {from.Time:HH:mm:ss} UTC and {SpanText.Of(journey.Time)} later from {to.Place.Name} ({to.SignIn.Address}): "
            + $"at least {journey.Kilometres:N0} km apart, for which an airliner needs {SpanText.Of(needed)}");
    }
}
