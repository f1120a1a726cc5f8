using System.Text;

namespace Yagura.Detectors.Behaviour;

/// <summary>The kind of program behind a user agent: <c>Terraform</c>, <c>aws-cli</c>, <c>browser</c>. Versions, platforms and whatever else changes from day to day are left away.</summary>
public static class ClientFamily
{
    private const int Longest = 40;

    // The first that stands anywhere in the agent: programs name the libraries they are made of as well.
    private static readonly (byte[] Mark, string Family)[] Marks = [.. new (string, string)[]
    {
        ("Terraform", "Terraform"), ("Pulumi", "Pulumi"), ("aws-cdk", "aws-cdk"), ("ansible", "Ansible"), ("aws-cli", "aws-cli"), ("PowerShell", "PowerShell"),
        ("S3Console", "console"), ("console.amazonaws.com", "console"), ("signin.amazonaws.com", "console"), ("AWSConsole", "console"), ("aws-internal", "AWS"),
        ("Boto3", "Boto3"), ("Botocore", "Boto3"), ("aws-sdk-go", "aws-sdk-go"), ("aws-sdk-java", "aws-sdk-java"), ("aws-sdk-js", "aws-sdk-js"), ("aws-sdk-nodejs", "aws-sdk-js"),
        ("aws-sdk-rust", "aws-sdk-rust"), ("aws-sdk-ruby", "aws-sdk-ruby"), ("aws-sdk-php", "aws-sdk-php"), ("aws-sdk-dotnet", "aws-sdk-dotnet"), ("Mozilla/", "browser"),
    }.Select(mark => (Encoding.UTF8.GetBytes(mark.Item1), mark.Item2))];

    /// <param name="agent">As the log writes it; S3 puts it in brackets.</param>
    public static string Of(ReadOnlySpan<byte> agent)
    {
        agent = agent.Trim("[]\" "u8);
        if (agent.IsEmpty) return "none";
        foreach (var (mark, family) in Marks)
        {
            if (agent.IndexOf(mark) >= 0) return family;
        }
        var end = agent.IndexOfAny("/ ("u8);
        var name = end > 0 ? agent[..end] : agent;
        return Utf8.Text(name[..Math.Min(name.Length, Longest)]);
    }
}
