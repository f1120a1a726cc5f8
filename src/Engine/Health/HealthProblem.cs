using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Core.Ports;

namespace Yagura.Engine.Health;

/// <summary>Something that keeps Yagura from seeing what it should.</summary>
/// <param name="Subject">What it is about: a stream, a source, a trail. The same problem of the same subject is one finding.</param>
/// <param name="First">When it began.</param>
/// <param name="Count">Objects, records or hours that it concerns, at least 1.</param>
/// <param name="Why">One line for people: what decided.</param>
/// <param name="Objects">Names of some objects that it concerns.</param>
public sealed record HealthProblem(
    FindingType Type, Severity Severity, StreamKey Stream, string Subject, DateTimeOffset First, long Count, string Why, IReadOnlyList<string> Objects)
{
    /// <summary>Most objects that are named.</summary>
    public const int MostObjects = 20;

    /// <summary>When it was last so; null for what is so now.</summary>
    public DateTimeOffset? Last { get; init; }
}

/// <summary>The types of health findings.</summary>
public static class HealthTypes
{
    public static readonly FindingType DigestFailed = new("Yagura:Health/DigestFailed");
    public static readonly FindingType LagRising = new("Yagura:Health/LagRising");
    public static readonly FindingType LogsMissing = new("Yagura:Health/LogsMissing");
    public static readonly FindingType LogsStopped = new("Yagura:Health/LogsStopped");
    public static readonly FindingType Quarantine = new("Yagura:Health/Quarantine");
    public static readonly FindingType SuppressionChanged = new("Yagura:Health/SuppressionChanged");
    public static readonly FindingType SuppressionExpired = new("Yagura:Health/SuppressionExpired");
}
