using System.Text.Json;
using Yagura.Api.Signing;

namespace Yagura.Api.Wire;

/// <summary>One operation of the API.</summary>
/// <param name="Name">As in the API model; also the action of access-denied messages and of the audit log.</param>
/// <param name="Template">Path with parameters in braces, one a segment.</param>
/// <param name="Role">The least that a caller must be; whoever needs more than <see cref="Role.Viewer"/> changes something.</param>
/// <param name="Note">What of it has no function behind it yet, as one sentence for the documentation; null where it works as in the real service.</param>
internal sealed record Operation(string Name, string Method, string Template, Role Role, Handler Handler, string? Note = null)
{
    /// <summary>Before the name in access-denied messages.</summary>
    public string Service { get; init; } = "guardduty";

    /// <summary>HTTP status of success; a 204 has no body.</summary>
    public int Success { get; init; } = 200;

    public bool Changes => Role > Role.Viewer;

    /// <summary>The template's segments.</summary>
    public IReadOnlyList<string> Segments { get; } = Template[1..].Split('/');
}

/// <summary>Does what a call asks for and writes the members of the answer into the object that is open; what it changes it leaves in <see cref="Call.Changes"/>.</summary>
/// <exception cref="AwsException">The call is refused; nothing is changed.</exception>
internal delegate Task Handler(Call call, Utf8JsonWriter json, CancellationToken cancel);
