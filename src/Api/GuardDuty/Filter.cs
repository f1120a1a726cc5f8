namespace Yagura.Api.GuardDuty;

/// <summary>A saved question, or with the action <c>ARCHIVE</c> a suppression rule.</summary>
/// <param name="Criteria">JSON as it was sent, <c>{"criterion":{…}}</c>, found to be right.</param>
/// <param name="Owner">Who made it.</param>
/// <param name="Facts">Of a suppression rule; null for others, and for one that an older version kept.</param>
internal sealed record Filter(
    string? Description, string Action, int Rank, string Criteria, string Owner, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    IReadOnlyDictionary<string, string> Tags, RuleFacts? Facts = null)
{
    public const string Noop = "NOOP", Archive = "ARCHIVE";

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsSuppression => Action == Archive;
}
