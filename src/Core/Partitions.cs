namespace Yagura.Core;

/// <summary>AWS partitions, the first part of every ARN after <c>arn:</c>.</summary>
public static class Partitions
{
    public static string Of(string region) =>
        region.StartsWith("cn-", StringComparison.Ordinal) ? "aws-cn"
        : region.StartsWith("us-gov-", StringComparison.Ordinal) ? "aws-us-gov"
        : "aws";
}
