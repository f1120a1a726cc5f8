using System.Text;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Matching.Conditions;
using Yagura.Matching.Sigma.LogSources;
using Yagura.Matching.Sigma.Testing;

namespace Yagura.Matching.Sigma;

/// <summary>A rule on single events, compiled.</summary>
/// <param name="Tests">The events that the rule's file, or the sidecar beside it, says must and must not match.</param>
public sealed record SigmaRule(RuleHeader Header, LogSource Source, SigmaDetection Detection, IReadOnlyList<RuleTest> Tests)
{
    /// <summary>What the matcher takes.</summary>
    public Condition Condition => Detection.Condition;

    /// <summary>What its findings are about.</summary>
    public ResourceMapping Resource => Header.Yagura.Resource ?? new(
        Source.Service switch
        {
            "s3_access" => ResourceType.S3Bucket,
            "vpcflow" or "route53_resolver" => ResourceType.Instance,
            _ => ResourceType.AccessKey,
        },
        Source.Service switch
        {
            "s3_access" => "bucket_name",
            "vpcflow" => "interface-id",
            "route53_resolver" => "srcids.instance",
            _ => null,
        });

    /// <summary>The type of its findings: the one the rule names, or <c>Custom:IAMUser/TheTitleOfTheRule</c>.</summary>
    public FindingType FindingType => Header.Yagura.Type ?? SigmaNames.TypeOf(Header.Title, Resource.Type);
}

internal static class SigmaNames
{
    private const int LongestFamily = 64;

    /// <summary>A finding type made of a title: its words with capitals.</summary>
    public static FindingType TypeOf(string title, ResourceType resource)
    {
        var family = new StringBuilder();
        var capital = true;
        foreach (var c in title)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                capital = true;
                continue;
            }
            if (family.Length == LongestFamily) break;
            family.Append(capital ? char.ToUpperInvariant(c) : c);
            capital = false;
        }
        var subject = resource switch { ResourceType.AccessKey => "IAMUser", ResourceType.Instance => "EC2", ResourceType.S3Bucket => "S3", _ => "Sequence" };
        return new($"Custom:{subject}/{(family.Length == 0 ? "Rule" : family)}");
    }
}
