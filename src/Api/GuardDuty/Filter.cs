namespace Yagura.Api.GuardDuty;

/// <summary>A saved question, or with the action <c>ARCHIVE</c> a suppression rule.</summary>
/// <param name="Criteria">JSON as it was sent, <c>{"criterion":{…}}</c>, found to be right.</param>
/// <param name="Owner">Who made it.</param>
internal sealed record Filter(
    string? Description, string Action, int Rank, string Criteria, string Owner, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    IReadOnlyDictionary<string, string> Tags);
