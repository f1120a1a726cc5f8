using System.Text;
using Yagura.Api;

namespace Yagura.Cli.Docs;

/// <summary>Every operation of GuardDuty's API and what of it is done here.</summary>
internal static class ApiCoveragePage
{
    public static string Write()
    {
        var operations = ApiReference.Operations.OrderBy(operation => operation.Name, StringComparer.Ordinal).ToList();
        var text = new StringBuilder()
            .Line("# API coverage").Line().Line(Markdown.Notice).Line()
            .Line($"All {operations.Count} operations of GuardDuty's API model 2017-11-28 are answered; {operations.Count(operation => operation.Note is null)} of them work as in the real")
            .Line("service, of the others the table says what does not. How requests are signed and who may call what is in [api.md](../api.md).").Line()
            .Header("Operation", "Call", "Least role", "What differs");
        foreach (var operation in operations)
            text.Row(operation.Name, $"`{operation.Method} {operation.Path}`", operation.Role.ToString().ToLowerInvariant(), operation.Note ?? "");
        return text.ToString();
    }
}
