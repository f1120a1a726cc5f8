using System.Diagnostics;
using System.Text.Json;
using Yagura.Aws.Policies;
using Yagura.Tests;

namespace Yagura.Aws.Tests.Policies;

public sealed class SourcePolicyTests
{
    private static readonly Dictionary<string, PolicyOptions> Cases = new(StringComparer.Ordinal)
    {
        ["s3"] = new(PolicySource.S3) { Bucket = "trail-logs", Prefix = "AWSLogs/" },
        ["s3-whole-bucket"] = new(PolicySource.S3) { Bucket = "trail-logs", Digests = false },
        ["s3-role"] = new(PolicySource.S3)
        {
            Bucket = "trail-logs", Prefix = "logs ${x} %{y} \"*?/", KmsKey = "arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef",
            Trusted = "arn:aws:iam::444455556666:role/yagura", ExternalId = "an-example",
        },
        ["sqs"] = new(PolicySource.Sqs) { Bucket = "trail-logs", Prefix = "AWSLogs/", Queue = "arn:aws:sqs:eu-west-1:111122223333:trail-logs", Trusted = "arn:aws:iam::444455556666:role/yagura" },
        ["firehose"] = new(PolicySource.Firehose)
        {
            Bucket = "undelivered-logs", Prefix = "yagura/", Endpoint = "https://yagura.example/firehose", KmsKey = "arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef",
        },
    };

    public static TheoryData<string, PolicyFormat> All => [.. Cases.Keys.SelectMany(name => Enum.GetValues<PolicyFormat>().Select(format => (name, format)))];

    [Theory, MemberData(nameof(All))]
    public void Each_source_has_its_policy_and_templates(string name, PolicyFormat format)
    {
        Assert.Empty(Cases[name].Mistakes());
        var text = SourcePolicy.Write(Cases[name], format);
        if (format != PolicyFormat.Terraform) JsonDocument.Parse(text).Dispose();
        Snapshot.Match($"{name}.{format.ToString().ToLowerInvariant()}.{(format == PolicyFormat.Terraform ? "tf" : "json")}", text);
    }

    [Fact]
    public void No_policy_allows_more_than_reading_where_Yagura_itself_acts()
    {
        string[] allowed = ["s3:ListBucket", "s3:GetObject", "kms:Decrypt", "cloudtrail:ListPublicKeys", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"];
        foreach (var options in Cases.Values.Where(options => options.Source != PolicySource.Firehose))
        {
            using var policy = JsonDocument.Parse(SourcePolicy.Write(options, PolicyFormat.Iam));
            foreach (var statement in policy.RootElement.GetProperty("Statement").EnumerateArray())
            {
                Assert.All(statement.GetProperty("Action").EnumerateArray(), action => Assert.Contains(action.GetString(), allowed));
                if (statement.GetProperty("Resource").GetString() == "*") Assert.Equal("CheckDigests", statement.GetProperty("Sid").GetString());
            }
        }
    }

    [Fact]
    public void Every_mistake_is_told_at_once() => Assert.Equal(8, (new PolicyOptions(PolicySource.Sqs)
    {
        Bucket = "s3://x", Prefix = "\n", Queue = "trail-logs", KmsKey = "alias/x", Trusted = "*", ExternalId = "a b", Partition = "mars",
    }.Mistakes() is var one ? one.Count : 0) + new PolicyOptions(PolicySource.Firehose) { Bucket = "trail-logs", Endpoint = "http://yagura.example" }.Mistakes().Count);

    /// <summary>Terraform itself checks the files, with the provider's schema.</summary>
    [Fact]
    public async Task Terraform_finds_the_files_valid()
    {
        var terraform = Counterpart.Require("terraform");
        var plugins = new[] { Environment.GetEnvironmentVariable("YAGURA_TERRAFORM_PLUGINS"), "/opt/tf-plugins" }.FirstOrDefault(Directory.Exists);
        Assert.SkipWhen(plugins is null, "there is no folder of providers for Terraform");
        foreach (var (name, options) in Cases)
        {
            var folder = Directory.CreateTempSubdirectory("yagura-terraform-");
            try
            {
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, "main.tf"), SourcePolicy.Write(options, PolicyFormat.Terraform));
                await Run(terraform, folder.FullName, "init", "-backend=false", "-input=false", $"-plugin-dir={plugins}");
                await Run(terraform, folder.FullName, "validate", "-no-color");
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{name}: {error.Message}");
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static async Task Run(string program, string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{await output}{errors}");
    }
}
