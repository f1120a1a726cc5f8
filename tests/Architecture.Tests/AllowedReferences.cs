namespace Yagura.Architecture.Tests;

/// <summary>Which project may see which; a project exists to forbid what is not here. ARCHITECTURE.md shows the same table.</summary>
internal static class AllowedReferences
{
    /// <summary>Stands for every other project: the composition roots.</summary>
    public const string Everything = "everything";

    public static readonly IReadOnlyDictionary<string, string[]> Table = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Logs"] = ["Core"],
        ["Intel"] = ["Core"],
        ["Matching"] = ["Core"],
        ["Detectors"] = ["Core", "Logs", "Intel", "Matching"],
        ["Engine"] = ["Core", "Logs", "Intel", "Matching", "Detectors"],
        ["Aws"] = ["Core"],
        ["Api"] = ["Core", "Logs", "Intel", "Matching", "Detectors", "Engine"],
        ["Storage.Embedded"] = ["Core", "Matching"],
        ["Simulation"] = ["Core"],
        ["Server"] = [Everything],
        ["Cli"] = [Everything],
    };

    /// <summary>Bytes or values in, values out: no clock, no files, no network, no environment.</summary>
    public static readonly string[] Pure = ["Core", "Logs", "Matching", "Detectors"];
}
