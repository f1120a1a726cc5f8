using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Engine.Findings;

namespace Yagura.Engine.Health;

/// <summary>Makes findings of health problems.</summary>
/// <param name="home">The account that gets those whose account is unknown.</param>
/// <param name="configuration">Hash of the settings that took part.</param>
public sealed class HealthFindings(string home, string configuration, TimeProvider time)
{
    public Finding Build(HealthProblem problem)
    {
        if (!FindingTypeCatalog.TryGet(problem.Type.Name, out var entry)) throw new InvalidOperationException($"{problem.Type} is not in the catalogue");
        var stream = problem.Stream;
        var key = new FindingKey(
            problem.Type.Name, stream.Account.Length > 0 ? stream.Account : home, stream.Region.Length > 0 ? stream.Region : FindingKey.UnknownRegion, problem.Subject, "");
        var (title, description) = FindingTypeCatalog.Describe(entry, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["account"] = stream.Account, ["region"] = stream.Region, ["service"] = stream.LogType, ["resource"] = problem.Objects is [var first, ..] ? first : problem.Subject,
        });
        var now = time.GetUtcNow();
        return new(
            key.AccountId, key.Region, key.Id, problem.Type, problem.Severity.ToValue(), title, description, new(ResourceType.S3Bucket) { S3BucketDetails = Buckets(problem) },
            new(key.DetectorId, null, null, [], AdditionalInfo(problem), problem.First, problem.Last ?? now, problem.Count), now, now,
            new(problem.Why, [.. problem.Objects.Select(name => new EvidenceRecord(name, 0, problem.First, name, problem.Why))], CountIsEstimate: false, FindingBuilder.Version, configuration, null));
    }

    private static IReadOnlyList<KeyValuePair<string, string>> AdditionalInfo(HealthProblem problem) =>
        problem.Stream.Source.Length > 0 ? [new("source", problem.Stream.Source)] : [];

    private static IReadOnlyList<S3BucketDetails> Buckets(HealthProblem problem) =>
    [
        .. problem.Objects.Append(problem.Stream.Source).Where(name => name.StartsWith("s3://", StringComparison.Ordinal))
            .Select(name => name["s3://".Length..].Split('/')[0]).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Select(name => new S3BucketDetails(name)),
    ];
}
