using System.Text;
using Yagura.Core.FindingTypes;
using Yagura.Detectors;
using Yagura.Engine;
using Yagura.Engine.Reading;

namespace Yagura.Cli.Docs;

/// <summary>Every finding type and what it takes to find it.</summary>
internal static class FindingTypesPage
{
    public static string Write()
    {
        // Judged without any knowledge: what is off then needs something, and says what.
        var types = TypeStatus.All(DetectorSet.Default, Knowledge.Nothing);
        var text = new StringBuilder()
            .Line("# Finding types").Line().Line(Markdown.Notice).Line()
            .Line($"{types.Count} types; {types.Count(IsImplemented)} of them can be found today, {types.Count(type => type.State == TypeState.On)} without anything but the logs.")
            .Line($"Techniques are those of MITRE ATT&CK {FindingTypeCatalog.AttackRelease}, and of ATLAS {FindingTypeCatalog.AtlasRelease} where they start with `AML.`.")
            .Line("What is found of planted and of recorded attacks is in [detection-quality.md](../detection-quality.md).");
        foreach (var group in types.GroupBy(type => type.Entry.Group, StringComparer.Ordinal))
        {
            text.Line().Line($"## {group.Key}").Line().Line($"{group.Count(IsImplemented)} of {group.Count()}.").Line()
                .Header("Type", "State", "Severity", "Main source", "ATT&CK");
            foreach (var type in group)
            {
                text.Row(
                    $"`{type.Entry.Type.Name}`", State(type), type.Entry.DefaultSeverity?.ToString() ?? "varies", type.Entry.DataSources[0],
                    string.Join(", ", type.Entry.Attack));
            }
        }
        return text.ToString();
    }

    private static bool IsImplemented(TypeStatus type) => type.State != TypeState.Planned;

    private static string State(TypeStatus type) => type.State switch
    {
        TypeState.On => "on",
        TypeState.Planned => "planned",
        TypeState.Off => type.Why switch
        {
            "no list" => "needs a list",
            "AWS address ranges are not loaded" => "needs AWS's address ranges",
            var why => $"off: {why}",
        },
    };
}
