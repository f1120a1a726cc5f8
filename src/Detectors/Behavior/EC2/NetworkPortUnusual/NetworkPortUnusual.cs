using System.Globalization;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;

namespace Yagura.Detectors.Behavior.EC2;

/// <summary>An instance uses a server port of a public host that it used on none of the days before.</summary>
/// <remarks>Ports 80 and 443, and names and time over UDP, are never unusual; port 25 is <see cref="Backdoor.EC2.Spambot"/>'s.
/// An instance for which new ports are nothing new is quiet.</remarks>
public static class NetworkPortUnusual
{
    /// <summary>Bits. A port that was not used on seven days has them, if none of these days brought another.</summary>
    public const double Threshold = 4;

    /// <summary>Bits that a port of directories adds.</summary>
    private const double DirectoryBits = 1;

    public static TypeBinding Type { get; } = new("Behavior:EC2/NetworkPortUnusual");

    /// <summary>Where a Java program goes that was made to ask for a name by its log (CVE-2021-44228).</summary>
    public static bool IsDirectory(int port) => port is 389 or 1389;

    public static Decision? Judge(Habits habits, Knowledge knowledge)
    {
        if (habits.Ports is not { } ports) return null;
        var news = new News(habits, ports);
        var found = new List<FindingState>();
        foreach (var port in ports.Ports.Values)
        {
            foreach (var day in port.Uses.JudgedDays.Where(day => habits.IsRemembered(day) && habits.Known(day) >= Habits.Needed && !port.WasUsedBefore(day)))
            {
                var use = Connections.Sum(port.Uses.JudgedBy(day));
                if (Judge(habits, day, use.First!, news.Before(day), knowledge) is { } detection) found.Add(use.As(detection));
            }
        }
        if (found.Count == 0) return null;
        var all = FindingState.Sum(found);
        return new(all.Latest!, all);
    }

    private static Detection? Judge(Habits habits, int day, SeenFlow first, DaySet news, Knowledge knowledge)
    {
        var flow = first.Flow;
        var known = habits.Known(day);
        var brought = news.Count(day - Habits.Window, day - 1);
        var isDirectory = IsDirectory(flow.DestinationPort);
        var unused = Surprise(0, known);
        var score = unused - Math.Log2(1 + brought) + (isDirectory ? DirectoryBits : 0);
        if (score < Threshold) return null;

        var port = $"{FlowFacts.ProtocolName(flow.Protocol)} port {flow.DestinationPort.ToString(CultureInfo.InvariantCulture)}";
        var instance = flow.Subject(FlowSide.Destination, knowledge.Inventory);
        var why = $"the instance used {port} of {flow.Remote(FlowSide.Destination)}, and had used it on none of the {known} days with records among the {Habits.Window} before"
            + (isDirectory ? "; a program with the Log4j weakness would go there" : "");
        var parts = new List<ScorePart>
        {
            new("server port", port, unused, [new("instance", instance, 0, known, FirstSeen: null)]),
            new("number of days that brought a new port", brought.ToString(CultureInfo.InvariantCulture), -Math.Log2(1 + brought),
                [new("instance", instance, brought, known, news.First(day - Habits.Window, day - 1) is { } one ? DateOnly.FromDayNumber(one) : null)]),
        };
        if (isDirectory) parts.Add(new("kind of port", "directory (LDAP)", DirectoryBits, [new("world", "attacks by CVE-2021-44228", DaysSeen: null, Days: 0, FirstSeen: null)]));
        return FlowFacts.Detection(flow, FlowSide.Destination, Initiator.Local, Type.Type, isDirectory ? Severity.High : Severity.Medium, knowledge, why) with
        {
            AdditionalInfo = isDirectory ? [new("context", "possible Log4j callback")] : [],
            Anomaly = new(score, Threshold, "bits", habits.Progress(instance, day), parts,
            [
                $"{port} used on any of the {Habits.Window} days before",
                "new ports on more of these days, as where programs change often",
                "a suppression rule for the port or the remote address, once you know what it is",
            ]),
        };
    }

    /// <summary>How surprising it is, in bits, that a day brings what some of the known days brought.</summary>
    public static double Surprise(int days, int known) => -Math.Log2((days + 0.5) / (known + 1));

    /// <summary>The days that brought a port which had not been used in the window before.</summary>
    private sealed class News(Habits habits, UsedPorts ports)
    {
        private readonly Dictionary<int, bool> _known = [];

        /// <summary>Of the window before a day; those before anything was known do not count.</summary>
        public DaySet Before(int day)
        {
            var news = new DaySet();
            for (var before = day - Habits.Window; before < day; before++)
            {
                if (!_known.TryGetValue(before, out var brought))
                    _known[before] = brought = habits.Known(before) >= Habits.Needed && ports.Ports.Values.Any(port => port.Days.Contains(before) && !port.WasUsedBefore(before));
                if (brought) news = news.With(before);
            }
            return news;
        }
    }
}
