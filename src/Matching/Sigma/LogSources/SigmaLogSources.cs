namespace Yagura.Matching.Sigma.LogSources;

/// <summary>The logs that Sigma rules may be written for. docs/rules.md lists them.</summary>
public static class SigmaLogSources
{
    public static LogSource CloudTrail { get; } = new("aws", "cloudtrail", "AWS CloudTrail", "eventTime");
    public static LogSource VpcFlow { get; } = new("aws", "vpcflow", "VPC Flow Logs", "start");
    public static LogSource Route53Resolver { get; } = new("aws", "route53_resolver", "Route 53 Resolver query logs", "query_timestamp");
    public static LogSource S3Access { get; } = new("aws", "s3_access", "Amazon S3 server access logs", "requestdatetime");
    public static LogSource EksAudit { get; } = new("aws", "eks_audit", "Amazon EKS audit logs", "requestReceivedTimestamp");

    public static IReadOnlyList<LogSource> All { get; } = [CloudTrail, VpcFlow, Route53Resolver, S3Access, EksAudit];

    /// <summary>The log of a rule's <c>logsource</c>; null where there is none.</summary>
    /// <remarks>Rules of the public repository name the audit log of Kubernetes without AWS: product <c>kubernetes</c>, service <c>audit</c>. It is the same log.</remarks>
    public static LogSource? Find(string? product, string? service) =>
        (product, service) is ("kubernetes", "audit") ? EksAudit
        : All.FirstOrDefault(source => source.Product == product && source.Service == service);
}
