using System.Text.Json.Serialization;
using Yagura.Core.Findings;
using Yagura.Detectors.Backdoor.EC2;
using Yagura.Detectors.Behavior.EC2;

namespace Yagura.Detectors.Families;

/// <summary>What one interface was used to do, and what it did on the days that are judged by that.</summary>
public sealed class Habits : IMergeable<Habits>
{
    /// <summary>Days before the one that is judged that tell what is usual: five weeks, so that what happens once a month is in it.</summary>
    public const int Window = 35;

    /// <summary>Days with records among these from which on they tell something.</summary>
    public const int Needed = 7;

    public Habits() { }

    [JsonConstructor]
    public Habits(DaySet active, UsedPorts? ports, MailSent? mail, DayParts<BytesSent>? sent) => (Active, Ports, Mail, Sent) = (active, ports, mail, sent);

    /// <summary>The days with records.</summary>
    public DaySet Active { get; private set; }

    /// <summary>The server ports it used as a client; null before the first.</summary>
    public UsedPorts? Ports { get; private set; }

    /// <summary>The mail it sent itself; null before the first.</summary>
    public MailSent? Mail { get; private set; }

    /// <summary>A sample of what it sent to public hosts; null before the first record in it.</summary>
    public DayParts<BytesSent>? Sent { get; private set; }

    public UsedPorts PortsToFill => Ports ??= new();
    public MailSent MailToFill => Mail ??= new();
    public DayParts<BytesSent> SentToFill => Sent ??= new();

    public void AddDay(DateTimeOffset time) => Active = Active.With(DaySet.DayOf(time));

    public void Merge(Habits other)
    {
        Active = Active.Union(other.Active);
        if (other.Ports is not null) PortsToFill.Merge(other.Ports);
        if (other.Mail is not null) MailToFill.Merge(other.Mail);
        if (other.Sent is not null) SentToFill.Merge(other.Sent);
        Sent?.ForgetJudged(day => day < Active.Newest - 2 * Window);
    }

    /// <summary>Whether all days that tell what was usual before a day are still remembered.</summary>
    public bool IsRemembered(int day) => day - Window > Active.Newest - DaySet.Width;

    /// <summary>Whether the same holds of what was sent, which takes more room and is remembered for two windows.</summary>
    public bool IsSentRemembered(int day) => day > Active.Newest - Window;

    /// <summary>Days with records among those that tell what was usual before a day.</summary>
    public int Known(int day) => Active.Count(day - Window, day - 1);

    /// <summary>These days.</summary>
    public IEnumerable<int> KnownDays(int day) => Enumerable.Range(day - Window, Window).Where(before => Active.Contains(before));

    public LearningProgress Progress(string entity, int day) =>
        new(entity, Known(day), Window, Needed, Active.First(day - Window, day - 1) is { } first ? DateOnly.FromDayNumber(first) : null);
}
