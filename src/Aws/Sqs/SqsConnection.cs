using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using Yagura.Aws.Connections;

namespace Yagura.Aws.Sqs;

/// <summary>The requests that are made to one queue. All fail with <see cref="IOException"/>.</summary>
internal sealed class SqsConnection(string queue, AwsConnection<AmazonSQSClient> connection)
{
    /// <summary>Most messages of one request.</summary>
    public const int MostAtOnce = 10;

    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);

    public static SqsConnection For(string queue, AwsAccess access) => new(queue, new(async () =>
    {
        var config = new AmazonSQSConfig();
        return new AmazonSQSClient(await AwsConnections.Prepare(config, access with { Region = access.Region ?? RegionOf(queue) }), config);
    }, SqsFailure.Explain));

    public static SqsConnection For(string queue, AWSCredentials credentials, AmazonSQSConfig config) =>
        new(queue, new(() => Task.FromResult(new AmazonSQSClient(credentials, config)), SqsFailure.Explain));

    /// <summary>Waits up to 20 s for messages.</summary>
    /// <param name="hidden">How long they are not shown to others; whole seconds.</param>
    public async Task<IReadOnlyList<Message>> Receive(TimeSpan hidden, CancellationToken cancel)
    {
        var request = new ReceiveMessageRequest
        {
            QueueUrl = queue, MaxNumberOfMessages = MostAtOnce, WaitTimeSeconds = (int)LongPoll.TotalSeconds, VisibilityTimeout = (int)hidden.TotalSeconds,
            MessageSystemAttributeNames = ["ApproximateReceiveCount"],
        };
        return (await connection.Ask(queue, client => client.ReceiveMessageAsync(request, cancel), cancel)).Messages ?? [];
    }

    /// <param name="receipts">At most <see cref="MostAtOnce"/>.</param>
    public async Task Delete(IReadOnlyList<string> receipts, CancellationToken cancel)
    {
        if (receipts.Count == 0) return;
        List<DeleteMessageBatchRequestEntry> entries = [.. receipts.Select((receipt, number) => new DeleteMessageBatchRequestEntry($"{number}", receipt))];
        var answer = await connection.Ask(queue, client => client.DeleteMessageBatchAsync(new(queue, entries), cancel), cancel);
        Check(answer.Failed);
    }

    /// <summary>Keeps messages from being shown to anybody for a while from now on.</summary>
    /// <param name="receipts">At most <see cref="MostAtOnce"/>.</param>
    public async Task Hide(IReadOnlyList<string> receipts, TimeSpan hidden, CancellationToken cancel)
    {
        List<ChangeMessageVisibilityBatchRequestEntry> entries =
            [.. receipts.Select((receipt, number) => new ChangeMessageVisibilityBatchRequestEntry($"{number}", receipt) { VisibilityTimeout = (int)hidden.TotalSeconds })];
        var answer = await connection.Ask(queue, client => client.ChangeMessageVisibilityBatchAsync(new(queue, entries), cancel), cancel);
        Check(answer.Failed);
    }

    private void Check(List<BatchResultErrorEntry>? failed)
    {
        if (failed is [var first, ..]) throw new IOException($"{queue}: {failed.Count} messages could not be told that they are done or worked on ({first.Code})");
    }

    /// <summary>The region in a queue's URL; null where it is not one of AWS's own.</summary>
    private static string? RegionOf(string queue) =>
        Uri.TryCreate(queue, UriKind.Absolute, out var url) && url.Host.Split('.') is ["sqs", var region, "amazonaws", ..] ? region : null;
}

/// <summary>What went wrong with SQS, in words that say what to do about it.</summary>
internal static class SqsFailure
{
    public static string Explain(Exception error) => error switch
    {
        CredentialsMissingException => error.Message,
        QueueDoesNotExistException => "the queue does not exist",
        AmazonServiceException { ErrorCode: "InvalidAccessKeyId" or "InvalidClientTokenId" or "SignatureDoesNotMatch" or "ExpiredToken" or "ExpiredTokenException" } sqs =>
            $"the AWS credentials are not valid ({sqs.ErrorCode})",
        AmazonServiceException { StatusCode: System.Net.HttpStatusCode.Forbidden } or AmazonServiceException { ErrorCode: "AccessDenied" or "AccessDeniedException" } =>
            "access is denied; needed are sqs:ReceiveMessage, sqs:DeleteMessage and sqs:ChangeMessageVisibility on the queue",
        AmazonServiceException { StatusCode: >= System.Net.HttpStatusCode.BadRequest } sqs => $"SQS answered {(int)sqs.StatusCode} ({sqs.StatusCode})",
        HttpRequestException or IOException or TimeoutException or OperationCanceledException => "SQS cannot be reached, or does not answer in time",
        _ => "the request or its answer does not make sense to the AWS SDK",
    };
}
