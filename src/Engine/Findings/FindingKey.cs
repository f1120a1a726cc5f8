using System.Security.Cryptography;
using System.Text;
using Yagura.Detectors;

namespace Yagura.Engine.Findings;

/// <summary>What makes two occurrences one finding: type, account, region, resource and, for API types, principal.</summary>
/// <param name="Principal">For findings of a user's rule followed, on a line of its own, by the rule and what else tells them apart.</param>
public readonly record struct FindingKey(string Type, string AccountId, string Region, string Subject, string Principal)
{
    /// <summary>Stands where neither the record nor the object's name tells the region.</summary>
    public const string UnknownRegion = "unknown";

    public static FindingKey Of(Detection detection) => new(
        detection.Type.Name, detection.AccountId, detection.Region.Length > 0 ? detection.Region : UnknownRegion,
        detection.Subject, detection.Distinct is null ? detection.Principal ?? "" : $"{detection.Principal}\n{detection.Distinct}");

    /// <summary>The finding's id: 32 lower-case hex digits, the same on every machine and in every run.</summary>
    public string Id => Hash(Type, AccountId, Region, Subject, Principal);

    /// <inheritdoc cref="DetectorIdOf"/>
    public string DetectorId => DetectorIdOf(AccountId, Region);

    /// <summary>The detector's id in GuardDuty's sense: one per account and region.</summary>
    public static string DetectorIdOf(string accountId, string region) => Hash("detector", accountId, region);

    // The first 128 bits of SHA-256 over the parts with their lengths: nobody can make two subjects share an id.
    internal static string Hash(params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts) text.Append(part.Length).Append(':').Append(part);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }
}
