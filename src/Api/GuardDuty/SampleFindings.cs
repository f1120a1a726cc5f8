using System.Text.Json;
using Yagura.Api.Wire;

namespace Yagura.Api.GuardDuty;

internal static class SampleFindings
{
    public static async Task Create(Call call, Utf8JsonWriter json, CancellationToken cancel)
    {
        await Detectors.Of(call, cancel);
    }
}
