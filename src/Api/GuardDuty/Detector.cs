namespace Yagura.Api.GuardDuty;

/// <summary>GuardDuty switched on in one account and region.</summary>
/// <param name="PublishingFrequency"><c>FIFTEEN_MINUTES</c>, <c>ONE_HOUR</c> or <c>SIX_HOURS</c>: how often repeats of a finding are published.</param>
internal sealed record Detector(
    bool Enabled, string PublishingFrequency, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, IReadOnlyList<FeatureSetting> Features,
    IReadOnlyDictionary<string, string> Tags);

/// <summary>A feature of a detector, or one of the additional configurations of a feature.</summary>
internal sealed record FeatureSetting(string Name, bool Enabled, DateTimeOffset UpdatedAt)
{
    public IReadOnlyList<FeatureSetting> Additional { get; init; } = [];
}
