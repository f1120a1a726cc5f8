using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Yagura.Cli.Commands;
using Yagura.Cli.Docs;

namespace Yagura.Cli.Output;

/// <summary>What the commands write as JSON and read back, compiled: the published program has no code for a type it has not met.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IEnumerable<TypeRow>))]
[JsonSerializable(typeof(IEnumerable<RuleRow>))]
[JsonSerializable(typeof(IEnumerable<BaselineRow>))]
[JsonSerializable(typeof(ScanSettings))]
[JsonSerializable(typeof(PlantedPlan))]
[JsonSerializable(typeof(BacktestReport))]
[JsonSerializable(typeof(IEnumerable<ImportRow>))]
[JsonSerializable(typeof(NewKeyRow))]
[JsonSerializable(typeof(IEnumerable<KeyRow>))]
internal sealed partial class CliJson : JsonSerializerContext
{
    public static CliJson Indented { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true });

    /// <summary>With signs as they are, for what is copied from the terminal.</summary>
    public static CliJson Plain { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>A finding type, in <c>yagura types --format json</c>.</summary>
internal sealed record TypeRow(
    string Type, string State, string? Why, string Severity, IReadOnlyList<string> Sources, IReadOnlyList<string> Attack, string Title);

/// <summary>What a scan was asked for, as far as it decides what is found; files by the hash of their content.</summary>
internal sealed record ScanSettings(
    DateTimeOffset? Since, DateTimeOffset? Until, string? FlowFormat, IReadOnlyList<string> WithoutBenign, string? Suppress, string? Inventory, string? Accounts,
    string? Rules, string? Baseline, string? Sequences);
