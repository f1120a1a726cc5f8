using Yagura.Engine.Suppressions;

namespace Yagura.Api.GuardDuty;

/// <summary>What Yagura wants to know of a suppression rule and GuardDuty does not ask.</summary>
/// <inheritdoc cref="SuppressionRule"/>
internal sealed record RuleFacts(string Owner, string Reason, DateTimeOffset Expires, SuppressionMode Mode, DateTimeOffset Reviewed)
{
    /// <summary>How long a rule holds that was made without an expiry: half a year, so that none outlives everybody who knew why.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);

    /// <summary>The facts of a rule whose maker could not tell them.</summary>
    /// <param name="keyId">The access key's.</param>
    public static RuleFacts ThroughApi(string keyId, DateTimeOffset now) => new(keyId, "made through GuardDuty's API", now + Lifetime, SuppressionMode.Active, now);
}
