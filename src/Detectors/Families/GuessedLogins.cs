using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>One address guesses logins at one server: many connections that go as far as a login does, and nearly none that goes on.</summary>
/// <remarks>
/// What a guess cannot avoid is the exchange of keys and the attempt itself: its client sends some content, more than who only knocks, reads a banner
/// or checks that the port is open, and less than who gets in and works. A connection is told by the client's port, so that one which is
/// cut at the minute, or goes on for hours, is one.
/// The house's own automation logs in often and looks alike as long as its sessions are small, so between private addresses only the pace of
/// a guesser counts; and whoever gets in once for every <see cref="TriesPerSession"/> tries has a key and need not guess.
/// State: some hundred bytes to some kilobytes for a pair of addresses, service and window.
/// Blind spots: a few guesses from each of many addresses, fewer than <see cref="FewestGuesses"/> a day, other ports, slow guessing inside the network, formats without
/// byte counts, a guesser behind one address with people who work at the same server.
/// </remarks>
public sealed class GuessedLogins(IReadOnlyList<GuessedService> services) : StatefulDetector<FlowRecord, LoginGuesses>
{
    /// <summary>Guesses a day from which on a public address guesses. People who forgot a password stop at ten; the recorded sample's own
    /// background of botnets stops at thirty for each address.</summary>
    public const int FewestGuesses = 40;

    /// <summary>Guesses in <see cref="InsideWindow"/> between private addresses: ten a minute for ten minutes. Checks of the house come every minute or less often.</summary>
    public const int FewestGuessesInside = 100;

    /// <summary>With more than one session for this many guesses it is no guessing.</summary>
    public const int TriesPerSession = 4;

    private static readonly TimeSpan Window = TimeSpan.FromDays(1), InsideWindow = TimeSpan.FromMinutes(10);

    private readonly (ushort Port, GuessedService Service)[] _ports = [.. services.SelectMany(service => service.Ports.Select(port => (port, service)))];

    public override IReadOnlyList<TypeBinding> Types => services;

    public override string Name => "login-guesses";

    public override void Observe(FlowRecord flow, Knowledge knowledge, ISteps<LoginGuesses> steps)
    {
        if (flow is not { Protocol: FlowFacts.Tcp, Action: FlowAction.Accept }) return;
        var (asked, answering) = (ServiceAt(flow.DestinationPort), ServiceAt(flow.SourcePort));
        if (asked is null == answering is null) return;
        var service = asked ?? answering!;
        var isGuess = asked is not null && flow.Bytes >= service.SmallestGuess && flow.Bytes <= service.LargestGuess;
        if (!isGuess && flow.Bytes < service.SmallestSession) return;
        var entity = flow.InterfaceId.IsEmpty ? flow.InstanceId : flow.InterfaceId;
        if (entity.IsEmpty) return;

        var (client, server) = (FlowFacts.SourceOf(flow), FlowFacts.DestinationOf(flow));
        var port = flow.SourcePort;
        if (asked is null) (client, server, port) = (server, client, flow.DestinationPort);
        var guesses = steps.Of(EntityKey.Of(flow.AccountId, entity, client, server, service.Ports[0], flow.Time, IsInside(client, server) ? InsideWindow : Window));
        guesses.Own ??= FlowFacts.OwnAddress(flow, knowledge.Inventory, steps);
        if (isGuess) guesses.AddGuess(flow, port, steps.ObjectName);
        else guesses.AddSession(flow, port, steps.ObjectName);
    }

    private GuessedService? ServiceAt(ushort port)
    {
        foreach (var at in _ports)
            if (at.Port == port) return at.Service;
        return null;
    }

    private static bool IsInside(IpAddress client, IpAddress server) => !client.IsPublic && !server.IsPublic;

    public override IEnumerable<Decision> Decide(LoginGuesses state, Knowledge knowledge)
    {
        if (state.Latest is not { } latest || latest.Flow.RemoteTo(state.Own!.Known) is not { } side) yield break;
        var (client, server) = (latest.Flow.Remote(FlowSide.Source), latest.Flow.Remote(FlowSide.Destination));
        var (guesses, sessions) = (state.Guesses.CountWithout(state.Sessions), state.Sessions.Count);
        var (fewest, within) = IsInside(client, server) ? (FewestGuessesInside, InsideWindow) : (FewestGuesses, Window);
        if (guesses < fewest || sessions * TriesPerSession > guesses) yield break;

        var service = ServiceAt(latest.Flow.DestinationPort)!;
        var attacked = side == FlowSide.Source;
        var gotIn = state.Session is { } session && session.Time >= state.Seen.FirstSeen;
        var about = state.Guesses.IsEstimate ? "about " : "";
        var why = $"{(attacked ? client : "the instance")} tried {about}{guesses} times to log in over {service.Name}"
            + (attacked ? "" : $" at {server}")
            + (gotIn ? ", and had a session too: a guess may have been right" : "");
        var detection = FlowFacts.Detection(
            latest.Flow, side, attacked ? Initiator.Remote : Initiator.Local, service.Type, attacked && !gotIn ? Severity.Low : Severity.High, knowledge, why) with
        {
            Anomaly = Anomaly.OfAmount(
                $"connections of one address that went no further than a login, within {SpanText.Of(within)}",
                $"{about}{guesses} from {client} to {service.Name} of {server}; {sessions} more went on", guesses, fewest, "guesses",
                $"fewer than {fewest} such connections within {SpanText.Of(within)}",
                $"more than {guesses / TriesPerSession} sessions that go on: who gets in that often has a key",
                attacked ? $"a security group that lets only known addresses reach port {latest.Flow.DestinationPort}" : "a suppression rule for the instance, if it is to test logins"),
        };
        var seen = new FindingState();
        seen.Merge(state.Seen);
        seen.Offer(detection, latest.Record);
        if (gotIn) seen.Keep(state.Session!);
        yield return new(detection, seen);
    }
}

/// <summary>A service that logins are guessed at. Sizes are bytes of one record, headers included.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="SmallestGuess">What a client sends for one guess, or the greater half of it where the minute cuts it in two.</param>
/// <param name="LargestGuess">What a client sends for as many guesses as a server allows in one connection.</param>
/// <param name="SmallestSession">What only goes over a connection, in one direction, of somebody who got in.</param>
public sealed record GuessedService(
    FindingType Type, string Name, IReadOnlyList<ushort> Ports, long SmallestGuess, long LargestGuess, long SmallestSession) : TypeBinding(Type);
