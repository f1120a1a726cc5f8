using Yagura.Api.GuardDuty;
using Yagura.Api.Signing;

namespace Yagura.Api;

/// <summary>What the API offers, for the documentation.</summary>
public static class ApiReference
{
    public static IReadOnlyList<ApiOperation> Operations { get; } =
        [.. GuardDutyOperations.All.Select(operation => new ApiOperation(operation.Name, operation.Method, operation.Template, operation.Role, operation.Note))];

    /// <summary>The features of detectors that can be switched, in GuardDuty's words; additional configurations as <c>RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT</c>.</summary>
    public static IReadOnlyList<string> Features { get; } =
        [.. GuardDuty.Features.Names.SelectMany(name => (string[])[name, .. GuardDuty.Features.AdditionalOf(name).Select(part => $"{name}/{part}")])];

    /// <summary>Features that are on as long as the detector is.</summary>
    public static IReadOnlyList<string> Foundations => GuardDuty.Features.Foundations;
}

/// <param name="Role">The least that a caller must be.</param>
/// <param name="Note">In what it differs from the real service; null where it does not.</param>
public sealed record ApiOperation(string Name, string Method, string Path, Role Role, string? Note);
