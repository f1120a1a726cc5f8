namespace Yagura.Simulation.Scenarios;

/// <summary>Three ways to act around one finding type, each in another account.</summary>
/// <param name="Attack">Must be found.</param>
/// <param name="Twin">Looks alike and is harmless: must stay quiet.</param>
/// <param name="Evasive">The attack made harder to see; the plan itself says whether it is found or a known blind spot.</param>
internal sealed record Scenario(string Type, LogKind Log, Action<Stage> Attack, Action<Stage> Twin, Action<Stage> Evasive)
{
    /// <summary>Acted out in <see cref="World.Organization.Outpost"/>, where nothing else happens: what is usual can be told there.</summary>
    public bool InOutpost { get; init; }
}

internal enum PlanKind { Attack, Twin, Evasive }

internal enum Outcome { Found, Quiet, Blind }

/// <summary>One line of <c>expected.jsonl</c>: what a scan must say, or must not say.</summary>
/// <param name="Principal">Null for types whose findings name none.</param>
/// <param name="First">Unix seconds; 0 where nothing is expected.</param>
internal sealed record Expectation(
    PlanKind Kind, string Type, string Account, string Region, string Subject, string? Principal, int Count, long First, long Last, Outcome Outcome, string Note);
