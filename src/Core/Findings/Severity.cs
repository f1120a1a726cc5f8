using System.Text.Json.Serialization;

namespace Yagura.Core.Findings;

/// <summary>GuardDuty's severity levels; the number in a finding lies in the level's range.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity
{
    /// <summary>1.0 to 3.9, normally 2.</summary>
    Low,
    /// <summary>4.0 to 6.9, normally 5.</summary>
    Medium,
    /// <summary>7.0 to 8.9, normally 8.</summary>
    High,
    /// <summary>9.0 to 10.0, normally 9; attack sequences only.</summary>
    Critical,
}

public static class SeverityExtensions
{
    /// <summary>The value GuardDuty normally emits for the level.</summary>
    public static double ToValue(this Severity severity) => severity switch
    {
        Severity.Low => 2,
        Severity.Medium => 5,
        Severity.High => 8,
        Severity.Critical => 9,
        _ => throw new ArgumentOutOfRangeException(nameof(severity)),
    };

    /// <summary>The level whose range holds the value.</summary>
    public static Severity ToLevel(double value) => value switch
    {
        < 4 => Severity.Low,
        < 7 => Severity.Medium,
        < 9 => Severity.High,
        _ => Severity.Critical,
    };
}
