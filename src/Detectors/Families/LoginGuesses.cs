using System.Text.Json.Serialization;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>What one client did at one server's login within a window.</summary>
public sealed class LoginGuesses : IMergeable<LoginGuesses>
{
    // Connections and occurrences told apart exactly: of nearly all clients there are few, and nothing is to be found.
    private const int ExactConnections = 1_024, ExactOccurrences = 8_192;

    // Half of what a finding shows, so that there is room for the session.
    private const int MostEvidence = FindingState.MostEvidence / 2;

    public LoginGuesses() => (Guesses, Sessions, Seen) = (new(ExactConnections), new(ExactConnections), new(ExactOccurrences, MostEvidence));

    [JsonConstructor]
    public LoginGuesses(OwnAddress? own, Occurrences guesses, Occurrences sessions, Evidence? session, SeenFlow? latest, FindingState seen) =>
        (Own, Guesses, Sessions, Session, Latest, Seen) = (own, guesses, sessions, session, latest, seen);

    /// <summary>Tells which of the two the logs were written for; null before the first record.</summary>
    public OwnAddress? Own { get; set; }

    /// <summary>Client ports of connections that went as far as a guess does.</summary>
    public Occurrences Guesses { get; }

    /// <summary>Client ports of connections that went on.</summary>
    public Occurrences Sessions { get; }

    /// <summary>The latest record of a connection that went on.</summary>
    public Evidence? Session { get; private set; }

    /// <summary>The latest guess.</summary>
    public SeenFlow? Latest { get; private set; }

    /// <summary>The guesses' records.</summary>
    public FindingState Seen { get; }

    public void AddGuess(FlowRecord flow, ushort clientPort, string objectName)
    {
        Guesses.Add(clientPort);
        Seen.Add(flow, objectName, detection: null, FlowFacts.Summary, flow.End);
        Latest = SeenFlow.Later(Latest, flow, objectName);
    }

    public void AddSession(FlowRecord flow, ushort clientPort, string objectName)
    {
        Sessions.Add(clientPort);
        Session = Evidence.Later(Session, Evidence.Of(flow, objectName, FlowFacts.Summary(flow)));
    }

    public void Merge(LoginGuesses other)
    {
        Own = OwnAddress.Both(Own ?? new(), other.Own ?? new());
        Guesses.Merge(other.Guesses);
        Sessions.Merge(other.Sessions);
        Session = Evidence.Later(Session, other.Session);
        Latest = SeenFlow.Later(Latest, other.Latest);
        Seen.Merge(other.Seen);
    }
}
