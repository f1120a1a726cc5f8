using System.Text.Json.Serialization;
using Yagura.Detectors.Behavior.EC2;
using Yagura.Detectors.Families;
using Yagura.Logs;

namespace Yagura.Detectors.Backdoor.EC2;

/// <summary>The days on which an instance sent mail to other mail servers, or tried to, and what it sent before that was a habit.</summary>
public sealed class MailSent : IMergeable<MailSent>
{
    /// <summary>Who sent mail on so many days of the window is known to send mail, whatever else is learnt.</summary>
    public const int HabitDays = 3;

    public MailSent() { }

    [JsonConstructor]
    public MailSent(DaySet days, DayParts<MailPart> parts) => (Days, Parts) = (days, parts);

    public DaySet Days { get; private set; }

    public DayParts<MailPart> Parts { get; } = new();

    public void Add(FlowRecord flow, string objectName)
    {
        Days = Days.With(DaySet.DayOf(flow.Time));
        Parts.Of(flow.Time).Add(flow, objectName);
    }

    public void Merge(MailSent other)
    {
        Days = Days.Union(other.Days);
        Parts.Merge(other.Parts);
        Parts.ForgetJudged(day => day - Habits.Window <= Days.Newest - DaySet.Width || IsHabit(day));
    }

    public int DaysBefore(int day) => Days.Count(day - Habits.Window, day - 1);

    /// <summary>Whether mail was usual before a day.</summary>
    public bool IsHabit(int day) => DaysBefore(day) >= HabitDays;
}

/// <summary>The mail that was sent during a part of a day.</summary>
public sealed class MailPart : IMergeable<MailPart>
{
    /// <summary>Servers told apart exactly; more are estimated, with an error of an eighth.</summary>
    public const int ExactServers = 64;

    public MailPart() => (Servers, Connections) = (new(ExactServers), new());

    [JsonConstructor]
    public MailPart(Occurrences servers, Connections connections) => (Servers, Connections) = (servers, connections);

    public Occurrences Servers { get; }

    public Connections Connections { get; }

    public void Add(FlowRecord flow, string objectName)
    {
        Servers.Add(FlowFacts.DestinationOf(flow));
        Connections.Add(flow, objectName);
    }

    public void Merge(MailPart other)
    {
        Servers.Merge(other.Servers);
        Connections.Merge(other.Connections);
    }

    /// <summary>Distinct servers of several parts.</summary>
    public static Occurrences ServersOf(IEnumerable<MailPart> parts)
    {
        var servers = new Occurrences(ExactServers);
        foreach (var part in parts) servers.Merge(part.Servers);
        return servers;
    }
}
