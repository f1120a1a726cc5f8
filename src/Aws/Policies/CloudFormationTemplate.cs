using System.Text.Json.Nodes;

namespace Yagura.Aws.Policies;

/// <summary>A template that makes all that a source needs.</summary>
internal static class CloudFormationTemplate
{
    public static JsonObject Of(PolicyOptions options) => options.Source == PolicySource.Firehose ? Firehose(options) : Reader(options);

    private static JsonObject Reader(PolicyOptions options)
    {
        var resources = new JsonObject();
        var outputs = new JsonObject();
        if (options.Trusted is null)
        {
            resources["Policy"] = Resource("AWS::IAM::ManagedPolicy", new()
            {
                ["Description"] = "Lets Yagura read logs", ["PolicyDocument"] = Statements.Policy(options),
            });
            outputs["PolicyArn"] = Output("Attach it to what runs Yagura.", Ref("Policy"));
        }
        else
        {
            resources["Role"] = Resource("AWS::IAM::Role", new()
            {
                ["Description"] = "Lets Yagura read logs", ["AssumeRolePolicyDocument"] = Statements.Trust(options), ["Policies"] = Inline(options),
            });
            outputs["RoleArn"] = Output("The role of the source.", Attribute("Role", "Arn"));
        }
        if (options.Source == PolicySource.Sqs) AddQueue(options, resources, outputs);
        return Template("Logs for Yagura", resources, outputs);
    }

    // Messages of a fortnight wait, so that a server that was down for that long misses nothing.
    private static void AddQueue(PolicyOptions options, JsonObject resources, JsonObject outputs)
    {
        resources["Queue"] = Resource("AWS::SQS::Queue", new()
        {
            ["QueueName"] = options.QueueName, ["MessageRetentionPeriod"] = 1209600, ["ReceiveMessageWaitTimeSeconds"] = 20, ["SqsManagedSseEnabled"] = true,
        });
        resources["QueuePolicy"] = Resource("AWS::SQS::QueuePolicy", new()
        {
            ["Queues"] = new JsonArray(Ref("Queue")), ["PolicyDocument"] = Statements.QueuePolicy(Attribute("Queue", "Arn"), Attribute("Rule", "Arn")),
        });
        resources["Rule"] = Resource("AWS::Events::Rule", new()
        {
            ["Description"] = "Tells Yagura of new logs; the bucket has to send its events to EventBridge", ["EventPattern"] = Statements.Pattern(options),
            ["Targets"] = new JsonArray(new JsonObject { ["Id"] = "queue", ["Arn"] = Attribute("Queue", "Arn") }),
        });
        outputs["QueueUrl"] = Output("The queue of the source.", Ref("Queue"));
    }

    private static JsonObject Firehose(PolicyOptions options)
    {
        var resources = new JsonObject
        {
            ["Role"] = Resource("AWS::IAM::Role", new() { ["AssumeRolePolicyDocument"] = Statements.Trust(options), ["Policies"] = Inline(options) }),
            ["Stream"] = Resource("AWS::KinesisFirehose::DeliveryStream", new()
            {
                ["DeliveryStreamType"] = "DirectPut",
                ["HttpEndpointDestinationConfiguration"] = new JsonObject
                {
                    ["EndpointConfiguration"] = new JsonObject { ["Name"] = "Yagura", ["Url"] = options.Endpoint, ["AccessKey"] = Ref("AccessKey") },
                    ["RequestConfiguration"] = new JsonObject { ["ContentEncoding"] = "GZIP" },
                    ["BufferingHints"] = new JsonObject { ["IntervalInSeconds"] = 60, ["SizeInMBs"] = 4 },
                    ["RetryOptions"] = new JsonObject { ["DurationInSeconds"] = 7200 },
                    ["RoleARN"] = Attribute("Role", "Arn"),
                    ["S3BackupMode"] = "FailedDataOnly",
                    ["S3Configuration"] = Kept(options),
                },
            }),
        };
        var template = Template("A stream of logs to Yagura", resources, new() { ["StreamName"] = Output("Where services and subscriptions send logs to.", Ref("Stream")) });
        template["Parameters"] = new JsonObject { ["AccessKey"] = new JsonObject { ["Type"] = "String", ["NoEcho"] = true, ["MinLength"] = 16, ["Description"] = "As it is set in Yagura" } };
        return template;
    }

    private static JsonObject Kept(PolicyOptions options)
    {
        var kept = new JsonObject { ["BucketARN"] = options.BucketArn, ["RoleARN"] = Attribute("Role", "Arn"), ["CompressionFormat"] = "GZIP" };
        if (options.Prefix.Length > 0) kept["Prefix"] = options.Prefix;
        if (options.KmsKey is { } key) kept["EncryptionConfiguration"] = new JsonObject { ["KMSEncryptionConfig"] = new JsonObject { ["AWSKMSKeyARN"] = key } };
        return kept;
    }

    private static JsonArray Inline(PolicyOptions options) => new(new JsonObject { ["PolicyName"] = "yagura", ["PolicyDocument"] = Statements.Policy(options) });

    private static JsonObject Template(string description, JsonObject resources, JsonObject outputs) =>
        new() { ["AWSTemplateFormatVersion"] = "2010-09-09", ["Description"] = description, ["Resources"] = resources, ["Outputs"] = outputs };

    private static JsonObject Resource(string type, JsonObject properties) => new() { ["Type"] = type, ["Properties"] = properties };

    private static JsonObject Output(string description, JsonNode value) => new() { ["Description"] = description, ["Value"] = value };

    private static JsonObject Ref(string name) => new() { ["Ref"] = name };

    private static JsonObject Attribute(string name, string attribute) => new() { ["Fn::GetAtt"] = SourcePolicy.List(name, attribute) };
}
