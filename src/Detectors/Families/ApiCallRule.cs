using System.Text;
using System.Text.Json;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>A condition on one successful API call: the call's name and what it asked for.</summary>
/// <param name="eventSource">The service that has the API, such as <c>s3.amazonaws.com</c>.</param>
/// <param name="types">The finding types the condition tells apart.</param>
public abstract class ApiCallRule(string eventSource, params TypeBinding[] types) : Detector<ApiCall>
{
    private readonly byte[] _eventSource = Encoding.UTF8.GetBytes(eventSource);

    public sealed override IReadOnlyList<TypeBinding> Types { get; } = types;

    public abstract override IReadOnlyList<string> EventNames { get; }

    public sealed override void Detect(ApiCall call, Knowledge knowledge, IDetections found)
    {
        // A failed call changed nothing. An S3 access log names the operation too, but not what it asked for.
        if (call.LogType != LogType.CloudTrail || !call.Succeeded || !call.Source.SequenceEqual(_eventSource)) return;
        using var request = RequestJson.TryParse(call[ApiField.RequestParameters], out var parsed) ? parsed : null;
        if (Judge(call, request?.RootElement ?? default, knowledge) is { } detection) found.Add(detection);
    }

    /// <summary>What the call shows; null when it is quiet.</summary>
    /// <param name="request">The call's request parameters; undefined where the record has none that parse.</param>
    protected abstract Detection? Judge(ApiCall call, JsonElement request, Knowledge knowledge);
}
