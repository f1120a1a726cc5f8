using Yagura.Core.Ports;
using Yagura.Matching.Criteria;

namespace Yagura.Engine.Suppressions;

/// <summary>Findings that fit the criteria were judged harmless; from now on they are stored archived.</summary>
/// <param name="Rank">Of several rules that fit, the one of the lowest rank hides; 1 to 100.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Reason">Why what it hides is harmless.</param>
/// <param name="Expires">From this instant on it hides nothing.</param>
/// <param name="Reviewed">When somebody last looked at what it hides: what it met by then is as expected.</param>
/// <param name="Criteria">Null where this version cannot read them; the rule then does nothing.</param>
/// <param name="CriteriaJson">As they were sent.</param>
public sealed record SuppressionRule(
    SuppressionKey Key, int Rank, string? Description, string Owner, string Reason, DateTimeOffset Expires, SuppressionMode Mode, DateTimeOffset Reviewed,
    FindingCriteria? Criteria, string CriteriaJson)
{
    public bool HoldsAt(DateTimeOffset now) => Criteria is not null && now < Expires;

    /// <summary>What is of the rule at a time.</summary>
    public SuppressionState StateAt(DateTimeOffset now) =>
        Criteria is null ? SuppressionState.Unreadable : now >= Expires ? SuppressionState.Expired : Mode == SuppressionMode.Shadow ? SuppressionState.Shadow : SuppressionState.Active;
}

/// <summary>What a rule does to what fits it.</summary>
public enum SuppressionMode
{
    /// <summary>Hides it.</summary>
    Active,
    /// <summary>Counts what it would hide.</summary>
    Shadow,
}

public enum SuppressionState { Active, Shadow, Expired, Unreadable }
