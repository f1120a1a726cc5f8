using System.Text.Json.Serialization;
using Yagura.Detectors.Behavior.EC2;
using Yagura.Logs;

namespace Yagura.Detectors.Backdoor.EC2;

/// <summary>The mail that an instance sent, or tried to send, to other mail servers during a part of a day.</summary>
public sealed class MailSent : IMergeable<MailSent>
{
    /// <summary>Servers told apart exactly; more are estimated, with an error of an eighth.</summary>
    public const int ExactServers = 64;

    public MailSent() => (Servers, Connections) = (new(ExactServers), new());

    [JsonConstructor]
    public MailSent(Occurrences servers, Connections connections) => (Servers, Connections) = (servers, connections);

    public Occurrences Servers { get; }

    public Connections Connections { get; }

    public void Add(FlowRecord flow, string objectName)
    {
        Servers.Add(FlowFacts.DestinationOf(flow));
        Connections.Add(flow, objectName);
    }

    public void Merge(MailSent other)
    {
        Servers.Merge(other.Servers);
        Connections.Merge(other.Connections);
    }

    /// <summary>Distinct servers of several parts.</summary>
    public static Occurrences ServersOf(IEnumerable<MailSent> parts)
    {
        var servers = new Occurrences(ExactServers);
        foreach (var part in parts) servers.Merge(part.Servers);
        return servers;
    }
}
