using Yagura.Simulation.World;

namespace Yagura.Simulation.Scenarios;

/// <summary>Every scenario, in the order of the families' files.</summary>
internal static class ScenarioCatalog
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        .. ListedApiCallers.Scenarios, .. PenetrationTestSystems.Scenarios, .. RootUse.Scenarios, .. LoggingSwitchedOff.Scenarios,
        .. PublicAccess.Scenarios, .. StolenSessions.Scenarios, .. ListedPeers.Scenarios, .. ListedNames.Scenarios, .. MadeNames.Scenarios,
        .. GuessedLogins.Scenarios, .. Scans.Scenarios, .. Floods.Scenarios, .. AttackSequences.Scenarios, .. NewHabits.Scenarios, .. Beacons.Scenarios, .. OutOfTheUsual.Scenarios,
    ];

    /// <summary>Names in a selection that are no scenario.</summary>
    public static IEnumerable<string> Unknown(string selection) =>
        selection is "all" or "none" ? [] : Split(selection).Where(name => !All.Any(s => string.Equals(s.Type, name, StringComparison.Ordinal)));

    /// <summary>Acts out the plans of the selection whose logs the profile writes.</summary>
    public static IReadOnlyList<Stage> Play(Organization organization, string selection)
    {
        var wanted = selection switch { "all" => [.. All.Select(s => s.Type)], "none" => [], _ => Split(selection).ToHashSet(StringComparer.Ordinal) };
        var casting = new Casting();
        var stages = new List<Stage>();
        for (var i = 0; i < All.Count; i++)
        {
            // Every plan is acted out, chosen or not: whom a plan casts must not depend on which others were asked for.
            foreach (var (kind, act) in new[] { (PlanKind.Attack, All[i].Attack), (PlanKind.Twin, All[i].Twin), (PlanKind.Evasive, All[i].Evasive) })
            {
                var account = All[i].InOutpost ? organization.Outpost : organization.Accounts[(i + (int)kind) % organization.Accounts.Count];
                var stage = new Stage(casting, account, All[i], kind, SplitMix64.At(organization.Seed, account.Index, i, (int)kind, Purpose.Scenario));
                act(stage);
                if (wanted.Contains(All[i].Type) && organization.Profile.Shares.ContainsKey(All[i].Log)) stages.Add(stage);
            }
        }
        return stages;
    }

    private static string[] Split(string selection) => selection.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
