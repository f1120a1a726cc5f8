using System.Globalization;
using Yagura.Core.Findings;
using Yagura.Detectors.Behavior.EC2;
using Yagura.Detectors.Families;

namespace Yagura.Detectors.Backdoor.EC2;

/// <summary>An instance that did not send mail sends some, or one that hardly did sends it to many servers.</summary>
/// <remarks>The less is known of an instance, the more servers it takes: after two weeks without mail one is enough, with no history at all it takes 64 within a day.
/// Mail that is handed to a relay (ports 465, 587) is not looked at: the relay knows who sends it.</remarks>
public static class Spambot
{
    /// <summary>Port of mail servers for one another.</summary>
    public const ushort Port = 25;

    /// <summary>Bits.</summary>
    public const double Threshold = 5;

    /// <summary>Servers a day that are nothing special for whoever sends mail: those of one large receiver.</summary>
    public const int FewServers = 4;

    public static TypeBinding Type { get; } = new("Backdoor:EC2/Spambot");

    public static Decision? Judge(Habits habits, Knowledge knowledge)
    {
        if (habits.Mail is not { } mail) return null;
        var found = new List<FindingState>();
        foreach (var day in mail.Parts.JudgedDays.Where(day => habits.IsRemembered(day) && !mail.IsHabit(day)))
        {
            if (Judge(habits, mail, day, knowledge) is { } state) found.Add(state);
        }
        if (found.Count == 0) return null;
        var all = FindingState.Sum(found);
        return new(all.Latest!, all);
    }

    private static FindingState? Judge(Habits habits, MailSent mail, int day, Knowledge knowledge)
    {
        var parts = mail.Parts.JudgedBy(day).ToList();
        var servers = MailPart.ServersOf(parts);
        var (known, days) = (habits.Known(day), mail.DaysBefore(day));
        // Of days on which mail was a habit nothing is kept but that there was some.
        var usual = Amounts.Quantiles(habits.KnownDays(day).Select(before => (double)MailPart.ServersOf(mail.Parts.On(before)).Count), "servers a day");
        var (sending, many) = (NetworkPortUnusual.Surprise(days, known), Math.Max(0, Math.Log2(servers.Count / Math.Max(FewServers, usual?.Most ?? 0))));
        if (sending + many < Threshold) return null;

        var connections = Connections.Sum(parts.Select(part => part.Connections));
        var flow = connections.First!.Flow;
        var instance = flow.Subject(FlowSide.Destination, knowledge.Inventory);
        var to = $"{(servers.IsEstimate ? "about " : "")}{servers.Count.ToString("N0", CultureInfo.InvariantCulture)} mail server{(servers.Count == 1 ? "" : "s")}";
        var why = $"the instance turned to {to} within a day; " + (known == 0 ? "no day before is known"
            : days == 0 ? $"on the {known} days with records among the {Habits.Window} before it sent none"
            : $"on {days} of the {known} days with records among the {Habits.Window} before it sent some, to at most {usual!.Most.ToString("N0", CultureInfo.InvariantCulture)}");
        var detection = FlowFacts.Detection(flow, FlowSide.Destination, Initiator.Local, Type.Type, Severity.Medium, knowledge, why) with
        {
            Anomaly = new(sending + many, Threshold, "bits", habits.Progress(instance, day),
            [
                new("sending of mail", "port 25 of public hosts", sending, [new("instance", instance, days, known, mail.Days.First(day - Habits.Window, day - 1) is { } first ? DateOnly.FromDayNumber(first) : null)]),
                new("number of mail servers within a day", to, many,
                [
                    new("instance", instance, DaysSeen: null, known, FirstSeen: null, usual),
                    new("world", $"{FewServers} servers of one receiver", DaysSeen: null, Days: 0, FirstSeen: null),
                ]),
            ],
            [
                $"mail on more of the {Habits.Window} days before, to as many servers",
                "mail handed to a relay at port 587 or 465, or to an HTTPS API",
                "a suppression rule for the instance, if it is to send mail",
            ]),
        };
        return connections.As(detection);
    }
}
