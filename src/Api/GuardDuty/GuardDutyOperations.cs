using Yagura.Api.Wire;
using static Yagura.Api.Signing.Role;

namespace Yagura.Api.GuardDuty;

/// <summary>Every operation of GuardDuty's API: how it is called, who may call it, what answers it.</summary>
/// <remarks>Source: GuardDuty API model 2017-11-28.</remarks>
internal static class GuardDutyOperations
{
    private const string Get = "GET", Post = "POST", Delete = "DELETE", Patch = "PATCH";

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("CreateDetector", Post, "/detector", Admin, Detectors.Create),
        new("GetDetector", Get, "/detector/{DetectorId}", Viewer, Detectors.Get),
        new("ListDetectors", Get, "/detector", Viewer, Detectors.List),
        new("UpdateDetector", Post, "/detector/{DetectorId}", Admin, Detectors.Update),
    ];
}
