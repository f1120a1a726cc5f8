using Yagura.Api.GuardDuty;
using Yagura.Api.Signing;

namespace Yagura.Api;

/// <summary>What the API offers, for the documentation.</summary>
public static class ApiReference
{
    public static IReadOnlyList<ApiOperation> Operations { get; } =
        [.. GuardDutyOperations.All.Select(operation => new ApiOperation(operation.Name, operation.Method, operation.Template, operation.Role, operation.Note))];
}

/// <param name="Role">The least that a caller must be.</param>
/// <param name="Note">In what it differs from the real service; null where it does not.</param>
public sealed record ApiOperation(string Name, string Method, string Path, Role Role, string? Note);
