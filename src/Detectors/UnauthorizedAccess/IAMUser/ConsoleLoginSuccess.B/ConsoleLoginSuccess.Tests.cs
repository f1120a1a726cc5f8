using CsCheck;
using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Detectors.UnauthorizedAccess.IAMUser;
using Yagura.Intel;
using static Yagura.Detectors.Tests.ApiCalls;

namespace Yagura.Detectors.Tests;

public sealed class ConsoleLoginSuccessTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private const string Berlin = "203.0.113.1", Tokyo = "203.0.113.2", Paris = "203.0.113.3", Potsdam = "203.0.113.4", Somewhere = "203.0.113.5";

    private static readonly ConsoleLoginSuccess Detector = new();

    /// <summary>Some cities; the address 198.51.100.7 is in Brazil, whatever its coordinates say.</summary>
    private sealed class Cities : IOriginSource
    {
        public string Sha256 => "cities";
        public bool TellsPlaces => true;

        public AddressOrigin? Find(IpAddress address) => address.ToString() switch
        {
            Berlin => new("DE", "Germany", "Berlin", 52.52, 13.4, null, null),
            Tokyo => new("JP", "Japan", "Tokyo", 35.68, 139.69, null, null),
            Paris => new("FR", "France", "Paris", 48.86, 2.35, null, null),
            Potsdam => new("DE", "Germany", "Potsdam", 52.4, 13.06, null, null),
            "198.51.100.7" => new("BR", "Brazil", null, 52.52, 13.4, null, null),
            "192.0.2.9" => new("US", "United States", "Ashburn", 39.04, -77.49, null, null),
            _ => null,
        };
    }

    private static Knowledge Knowing(string trusted = "", string aws = """{"prefixes":[{"ip_prefix":"192.0.2.0/24"}]}""") => Knowledge.Nothing with
    {
        Intel = IntelSnapshot.Create(
            trusted.Length == 0 ? [] : [ThreatListReader.Read("trusted.txt", ThreatCategory.Trusted, System.Text.Encoding.ASCII.GetBytes(trusted))],
            AwsRanges.TryParse(System.Text.Encoding.ASCII.GetBytes(aws), out _), origins: [new Cities()]),
    };

    private const string Ada = """{"type":"IAMUser","principalId":"AIDAEXAMPLEADA","arn":"arn:aws:iam::111122223333:user/ada","accountId":"111122223333","userName":"ada"}""";
    private const string Root = """{"type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333"}""";

    private static string Person(string name) => $$"""
        {"type":"AssumedRole","principalId":"AROAEXAMPLE:{{name}}","arn":"arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/{{name}}","accountId":"111122223333",
         "sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE","arn":"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef","accountId":"111122223333","userName":"AWSReservedSSO_Admin_0123456789abcdef"} } }
        """;

    private static string SignsIn(double hour, string address, string who = Ada, string more = "") => Event("signin", "ConsoleLogin", "null", $$"""
        {"userIdentity":{{who}},"eventTime":"{{Start.AddHours(hour):yyyy-MM-ddTHH:mm:ssZ}}","sourceIPAddress":"{{address}}","eventID":"{{hour}}-{{address}}","eventType":"AwsConsoleSignIn","responseElements":{"ConsoleLogin":"Success"}{{more}} }
        """);

    private static Dictionary<EntityKey, SignIns> States(Knowledge knowledge, params string[] events)
    {
        var steps = new Steps();
        Read(call => Detector.Observe(call, knowledge, steps), events);
        return steps.All;
    }

    private static List<Decision> Found(Knowledge knowledge, params string[] events) => [.. States(knowledge, events).Values.SelectMany(state => Detector.Decide(state, knowledge))];

    [Fact]
    public void A_journey_that_nobody_makes_is_found_with_both_its_ends()
    {
        // One of the two windows of two days that both lie in, and the other.
        var found = Found(Knowing(), SignsIn(0, Berlin), SignsIn(0.5, Potsdam), SignsIn(1.25, Tokyo));
        Assert.Equal(2, found.Count);
        Assert.Equal(found[0].Detection.Why, found[1].Detection.Why);
        Assert.Equal(
            "signed in from Potsdam, DE (203.0.113.4) at 08:30:00 UTC and 45 min later from Tokyo, JP (203.0.113.2): at least 8,742 km apart, for which an airliner needs 8 h 44 min", found[0].Detection.Why);
        Assert.Equal((User, User, Severity.Medium, "us-east-1", 3L, Start, Start.AddHours(1.25)), (
            found[0].Detection.Subject, found[0].Detection.Principal, found[0].Detection.Severity, found[0].Detection.Region, found[0].Occurrences.Occurrences.Count, found[0].Occurrences.FirstSeen, found[0].Occurrences.LastSeen));
        Assert.Equal(found[0].Detection.Why, found[0].Occurrences.Latest?.Why);
    }

    [Theory]
    [InlineData(Berlin, Tokyo, 8, true), InlineData(Berlin, Tokyo, 9.5, false), InlineData(Berlin, Potsdam, 0, false), InlineData(Berlin, Paris, 0.5, true), InlineData(Berlin, Paris, 1, false)]
    [InlineData(Berlin, Berlin, 0, false), InlineData(Berlin, Somewhere, 0, false), InlineData(Berlin, "198.51.100.7", 5, true), InlineData(Berlin, "10.0.0.1", 0, false), InlineData(Berlin, "signin.amazonaws.com", 0, false)]
    [InlineData(Berlin, "192.0.2.9", 0, false)]
    public void Distance_and_time_decide(string from, string to, double hours, bool expected)
    {
        Assert.Equal(expected, Found(Knowing(), SignsIn(0, from), SignsIn(hours, to)).Count > 0);
        Assert.Equal(expected, Found(Knowing(), SignsIn(0, to), SignsIn(hours, from)).Count > 0);
    }

    [Fact]
    public void The_turn_of_a_day_makes_no_difference() => Assert.All(Enumerable.Range(0, 48), half =>
        Assert.NotEmpty(Found(Knowing(), SignsIn(half / 2.0, Berlin), SignsIn(half / 2.0 + 0.75, Tokyo))));

    [Fact]
    public void What_is_trusted_is_no_place_and_what_AWS_holds_is_none_once_that_is_known()
    {
        Assert.Empty(Found(Knowing(trusted: Tokyo), SignsIn(0, Berlin), SignsIn(1, Tokyo)));
        Assert.NotEmpty(Found(Knowing(aws: """{"prefixes":[{"ip_prefix":"198.18.0.0/24"}]}"""), SignsIn(0, Berlin), SignsIn(1, "192.0.2.9")));
    }

    [Fact]
    public void A_sign_in_that_was_refused_is_no_place()
    {
        const string refused = ""","responseElements":{"ConsoleLogin":"Failure"},"errorMessage":"Failed authentication" """;
        Assert.Empty(Found(Knowing(), SignsIn(0, Berlin), SignsIn(1, Tokyo).Replace("\"ConsoleLogin\":\"Success\"", "\"ConsoleLogin\":\"Failure\"", StringComparison.Ordinal)));
        Assert.Empty(Found(Knowing(), SignsIn(0, Berlin), Event("sso", "Authenticate", "null", $$"""{"eventTime":"2026-03-02T09:00:00Z","sourceIPAddress":"{{Tokyo}}"{{refused}} }""")));
    }

    [Fact]
    public void Persons_are_told_apart_root_is_one_of_them()
    {
        Assert.Empty(Found(Knowing(), SignsIn(0, Berlin, Person("ada")), SignsIn(1, Tokyo, Person("bo"))));
        Assert.Empty(Found(Knowing(), SignsIn(0, Berlin, Ada), SignsIn(1, Tokyo, Root)));
        Assert.Equal("arn:aws:iam::111122223333:root", Found(Knowing(), SignsIn(0, Berlin, Root), SignsIn(1, Tokyo, Root))[0].Detection.Principal);
        Assert.EndsWith("/ada", Found(Knowing(), SignsIn(0, Berlin, Person("ada")), SignsIn(1, Tokyo, Person("ada")))[0].Detection.Principal, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_off_where_no_places_are_known() =>
        Assert.Equal(("no location database", null), (Detector.Types[0].Off(Knowledge.Nothing), Detector.Types[0].Off(Knowing())));

    [Fact]
    public void Any_order_split_and_repetition_gives_the_same_even_of_more_sign_ins_than_are_kept()
    {
        string[] events = [.. Enumerable.Range(0, 3 * SignIns.Most).Select(i => SignsIn(i / 4.0, i % 5 == 0 ? Tokyo : Berlin)), SignsIn(1, Tokyo), SignsIn(1.5, Berlin)];
        string[] Told(Dictionary<EntityKey, SignIns> states) =>
        [
            .. states.SelectMany(state => Detector.Decide(state.Value, Knowing()).Select(d => $"{state.Key} {d.Detection.Why} {d.Occurrences.Occurrences.Count} {d.Occurrences.FirstSeen} {d.Occurrences.LastSeen}")).Order(StringComparer.Ordinal),
        ];
        var expected = Told(States(Knowing(), events));
        Assert.Contains(expected, told => told.Contains("sign-ins in two days 64 were compared", StringComparison.Ordinal));
        Gen.Select(Gen.Shuffle(events), Gen.Int[1, events.Length - 1]).Sample((shuffled, cut) =>
        {
            var (left, right) = (States(Knowing(), shuffled[..cut]), States(Knowing(), shuffled[(cut / 2)..]));
            foreach (var _ in new[] { 1, 2 })
            {
                foreach (var (key, state) in right)
                {
                    if (!left.TryGetValue(key, out var known)) left.Add(key, known = new());
                    known.Merge(state);
                }
            }
            Assert.Equal(expected, Told(left));
        }, iter: 20);
    }

    private sealed class Steps : ISteps<SignIns>
    {
        public Dictionary<EntityKey, SignIns> All { get; } = [];
        public string ObjectName => "object";
        public SignIns Of(EntityKey key) => All.TryGetValue(key, out var state) ? state : All[key] = new();
    }
}
