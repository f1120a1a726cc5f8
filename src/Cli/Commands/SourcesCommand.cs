using System.CommandLine;
using Yagura.Aws.Policies;

namespace Yagura.Cli.Commands;

/// <summary><c>yagura sources</c>: what logs are read from.</summary>
internal static class SourcesCommand
{
    public static Command Create() => new("sources", "Where logs are read from.") { CreatePolicy() };

    private static Command CreatePolicy()
    {
        var source = new Option<Kind>("--source") { Description = "What logs are read from: s3 (listed), sqs (a queue that tells of new objects), firehose (sends them), folder.", Required = true };
        var bucket = new Option<string>("--bucket") { Description = "The bucket with the logs; of firehose, where what cannot be delivered is kept.", HelpName = "NAME", DefaultValueFactory = _ => "" };
        var prefix = new Option<string>("--prefix") { Description = "What the keys start with.", HelpName = "PREFIX", DefaultValueFactory = _ => "" };
        var queue = new Option<string?>("--queue") { Description = "ARN of the queue; templates make it.", HelpName = "ARN" };
        var key = new Option<string?>("--kms-key") { Description = "ARN of the key that encrypts the bucket.", HelpName = "ARN" };
        var trusted = new Option<string?>("--trusted") { Description = "ARN of what runs Yagura, as a rule in another account: it may assume the role that templates make.", HelpName = "ARN" };
        var externalId = new Option<string?>("--external-id") { Description = "What it has to say then.", HelpName = "ID" };
        var endpoint = new Option<string?>("--endpoint") { Description = "Where Firehose sends to.", HelpName = "URL" };
        var noDigests = new Option<bool>("--no-digests") { Description = "Without the permission to check CloudTrail's digests." };
        var partition = new Option<string>("--partition") { Description = "aws, aws-cn or aws-us-gov.", HelpName = "NAME", DefaultValueFactory = _ => "aws" };
        var format = Choice.OrFirst<PolicyFormat>("--format", "A policy, or a template that makes all that is needed.");
        var command = new Command("policy", "Write the permissions that a source needs, and no others.") { source, bucket, prefix, queue, key, trusted, externalId, endpoint, noDigests, partition, format };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(source) == Kind.Folder) throw new UserError("a folder needs no permissions in AWS; who runs Yagura has to be able to list it and read its files");
            var options = new PolicyOptions(Enum.Parse<PolicySource>(parsed.GetValue(source).ToString()))
            {
                Bucket = parsed.GetRequiredValue(bucket), Prefix = parsed.GetRequiredValue(prefix), Queue = parsed.GetValue(queue), KmsKey = parsed.GetValue(key),
                Trusted = parsed.GetValue(trusted), ExternalId = parsed.GetValue(externalId), Endpoint = parsed.GetValue(endpoint), Digests = !parsed.GetValue(noDigests),
                Partition = parsed.GetRequiredValue(partition),
            };
            if (options.Mistakes() is { Count: > 0 } mistakes) throw new UserError(string.Join('\n', mistakes));
            Console.Out.Write(SourcePolicy.Write(options, parsed.GetValue(format)));
            return ExitCodes.Done;
        });
        return command;
    }

    private enum Kind { S3, Sqs, Firehose, Folder }
}
