using Yagura.Core.FindingTypes;
using Yagura.Logs;

namespace Yagura.Detectors.Signals;

/// <summary>Calls that are no finding by themselves and still tell a step of an attack.</summary>
/// <param name="Service">First part of the event source, such as <c>iam</c>.</param>
/// <param name="Technique">Of ATT&amp;CK, of <see cref="FindingTypeCatalog.AttackRelease"/>.</param>
/// <param name="What">What was done, in words that stand alone: <c>an access key was made</c>.</param>
public sealed record SignalApi(string Service, string Name, Tactic Tactic, string Technique, string What)
{
    /// <summary>Calls within an hour from which on it is a signal; what everybody does now and then needs more than one.</summary>
    public int Least { get; init; } = 1;

    /// <summary>What else the call must ask for; everything suits where there is nothing.</summary>
    public Func<ApiCall, bool> Suits { get; init; } = static _ => true;

    /// <summary>Whether it reads out, opens or destroys the content of buckets.</summary>
    public bool IsOfData { get; init; }

    public string EventSource => Service + ".amazonaws.com";
}
