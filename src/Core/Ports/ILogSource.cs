namespace Yagura.Core.Ports;

/// <summary>Something that log objects arrive from for as long as it is asked: a watched folder, a bucket, a queue, an endpoint.</summary>
/// <remarks>The outside world's failures (no network, no permission) are the source's own: it tries again with growing pauses and says so in
/// <see cref="Status"/>. Delivery is at least once; what was committed before is left out as far as the source's memory (<see cref="ISettledObjects"/>) reaches.</remarks>
public interface ILogSource
{
    /// <summary>What a person would type to name it, such as <c>folder:/var/log/aws</c> or <c>s3://trail-logs</c>; the source's name in the ledger.</summary>
    string Name { get; }

    SourceStatus Status { get; }

    /// <summary>Objects as they arrive, without end until it is cancelled; asked for once in the life of a source. Nothing more is fetched than what is
    /// asked for and a few objects ahead, so a reader that is slow slows the source.</summary>
    IAsyncEnumerable<ILogDelivery> Deliveries(CancellationToken cancel = default);
}

/// <summary>One object that arrived. It has to be answered once, with <see cref="Commit"/> or <see cref="Fail"/>, in any order and from any thread.</summary>
/// <remarks>Where several objects came in one message or request, the source itself waits for all their answers before it answers the sender.</remarks>
public interface ILogDelivery
{
    LogObjectReference Object { get; }

    /// <summary>As <see cref="ILogObjects.Open"/>.</summary>
    /// <exception cref="IOException">It cannot be read now; the message is for people. The delivery then is to be failed with it.</exception>
    Task<Stream> Open(CancellationToken cancel = default);

    /// <summary>What the object showed is durable: applied, known before, or quarantined with the reason. The source may forget it, and the sender is told.
    /// Does not wait for the network.</summary>
    void Commit();

    /// <summary>The object could not be read to its end.</summary>
    /// <returns>True where it will be delivered again; false where the source has given up for now and shows it as missing.</returns>
    bool Fail(string reason);
}

/// <summary>How a source is doing. Counts are of objects since it was started.</summary>
/// <param name="UnderWay">Delivered and not yet answered.</param>
/// <param name="Failing">Could not be read and will be tried again.</param>
/// <param name="GivenUp">Could not be read after all tries.</param>
/// <param name="Problem">Why nothing can arrive at the moment, in a sentence for people; null while all is well.</param>
/// <param name="Since">When that began.</param>
/// <param name="LastArrival">When an object was last delivered.</param>
public sealed record SourceStatus(
    long Committed, long UnderWay, long Failing, long GivenUp, string? Problem, DateTimeOffset? Since, DateTimeOffset? LastArrival);
