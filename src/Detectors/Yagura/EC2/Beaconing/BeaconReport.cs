using System.Globalization;
using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Logs;

namespace Yagura.Detectors.Yagura.EC2;

/// <summary>Tells of a beacon: who asks whom, how regularly, and how the score adds up.</summary>
internal static class BeaconReport
{
    public static Decision Of(in BeaconPair pair, BeaconOwner owner, string objectName, Rhythm rhythm, FindingType type, Knowledge knowledge)
    {
        var (side, initiator) = pair.IsTarget ? (FlowSide.Source, Initiator.Remote) : (FlowSide.Destination, Initiator.Local);
        var flow = Newest(pair, owner);
        var connections = pair.IsThinned ? rhythm.Estimate : rhythm.Sizes.Count;
        var median = Rhythm.Quantile(rhythm.Intervals, 0.5);
        var about = pair.IsThinned ? "about " : "";
        var whom = pair.IsTarget ? $"{flow.Source} opened" : "the instance opened";
        var where = pair.IsTarget ? $"port {pair.Port} of the instance" : $"port {pair.Port} of {flow.Destination}";
        var why = string.Create(CultureInfo.InvariantCulture,
            $"{whom} {about}{connections} connections to {where} in {pair.HoursSeen} hours of a day, one in {median:0} s in the median, half of them less than {Math.Max(BeaconStart.Resolution, Rhythm.Deviation(rhythm.Intervals)):0} s off");
        var detection = FlowFacts.Detection(flow, side, initiator, type, pair.IsTarget ? Severity.Low : Severity.Medium, knowledge, why) with
        {
            Anomaly = Anomaly(pair, flow, rhythm, median),
        };
        var record = Record(pair, flow, objectName);
        var seen = new FindingState(
            Occurrences(pair, connections), FindingState.MostEvidence, DateTimeOffset.FromUnixTimeSeconds(pair.First), DateTimeOffset.FromUnixTimeSeconds(pair.Newest.Start + pair.Newest.Duration),
            latest: null, latestRecord: null, Severity.Low, [record]);
        seen.Offer(detection, record);
        return new(detection, seen);
    }

    private static FlowSample Newest(in BeaconPair pair, BeaconOwner owner)
    {
        var remote = IpAddress.FromV4(pair.Remote);
        var (source, destination) = pair.IsTarget ? (remote, owner.Local) : (owner.Local, remote);
        return new(
            owner.AccountId, owner.Region, owner.InterfaceId, owner.InstanceId, owner.VpcId, owner.SubnetId, source, destination, IpAddress.None, IpAddress.None,
            pair.Newest.ClientPort, pair.Port, pair.Ends.HasFlag(BeaconEnds.Udp) ? FlowFacts.Udp : FlowFacts.Tcp, FlowAction.Accept);
    }

    private static Evidence Record(in BeaconPair pair, FlowSample flow, string objectName)
    {
        var summary = string.Create(CultureInfo.InvariantCulture,
            $"{flow.Source}:{flow.SourcePort} to {flow.Destination}:{flow.DestinationPort} {FlowFacts.ProtocolName(flow.Protocol)}, accepted; the newest of its connections");
        var identity = ContentHash.Of(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{flow.AccountId} {flow.InterfaceId ?? flow.InstanceId} {pair.Newest.Start} {pair.Newest.Duration} {summary}")));
        return new(DateTimeOffset.FromUnixTimeSeconds(pair.Newest.Start), identity, objectName, pair.Newest.Line, identity.ToString("x32", CultureInfo.InvariantCulture), summary);
    }

    /// <summary>The connections as a set: those that are kept stand for all, as the smallest hashes of a larger set do.</summary>
    private static Occurrences Occurrences(in BeaconPair pair, long connections)
    {
        var kept = new List<ulong>(pair.Kept);
        Span<byte> name = stackalloc byte[16];
        foreach (var start in pair.Connections)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(name, start);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(name[4..], pair.Remote);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(name[8..], pair.Day | (uint)pair.Port << 16);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(name[12..], pair.IsTarget ? 1u : 0);
            kept.Add((ulong)ContentHash.Of(name));
        }
        if (!pair.IsThinned) return new(FindingState.ExactOccurrences, ulong.MaxValue, kept.Count > connections ? kept[..(int)connections] : kept);
        var ceiling = (ulong)((kept.Count - 1) / (double)connections * ulong.MaxValue);
        return new(FindingState.ExactOccurrences, ceiling, [.. kept.Select(value => value % ceiling)]);
    }

    private static Anomaly Anomaly(in BeaconPair pair, FlowSample flow, Rhythm rhythm, double median)
    {
        var whom = $"{flow.Source} to port {flow.DestinationPort} of {flow.Destination}";
        var intervals = new Comparison("instance", whom, DaysSeen: null, Days: 1, FirstSeen: null, Quantiles(rhythm.Intervals, "s"));
        var sizes = new Comparison("instance", whom, DaysSeen: null, Days: 1, FirstSeen: null, Quantiles(rhythm.Sizes, "bytes"));
        return new(
            rhythm.Score, Beaconing.Threshold, "share", History: null,
            [
                new("distance of the intervals between connections from their median", string.Create(CultureInfo.InvariantCulture, $"half within {Rhythm.Deviation(rhythm.Intervals):0} s of {median:0} s"), rhythm.IntervalDispersion, [intervals]),
                new("symmetry of the intervals between connections", string.Create(CultureInfo.InvariantCulture, $"half between {Rhythm.Quantile(rhythm.Intervals, 0.25):0} and {Rhythm.Quantile(rhythm.Intervals, 0.75):0} s"), rhythm.IntervalSymmetry, [intervals]),
                new("distance of the sizes of what the client sends from their median", string.Create(CultureInfo.InvariantCulture, $"half within {Rhythm.Deviation(rhythm.Sizes):0} bytes of {Rhythm.Quantile(rhythm.Sizes, 0.5):0}"), rhythm.SizeDispersion, [sizes]),
                new("symmetry of the sizes of what the client sends", string.Create(CultureInfo.InvariantCulture, $"half between {Rhythm.Quantile(rhythm.Sizes, 0.25):0} and {Rhythm.Quantile(rhythm.Sizes, 0.75):0} bytes"), rhythm.SizeSymmetry, [sizes]),
                new("hours with connections", $"{rhythm.HoursSeen} of {rhythm.HoursSpanned}", rhythm.Hours, []),
            ],
            [
                string.Create(CultureInfo.InvariantCulture, $"intervals of which half are more than {Math.Ceiling(median * (1 - (Beaconing.Threshold - (rhythm.Score - rhythm.IntervalDispersion)) / 0.4)):0} s off the median"),
                $"fewer than {Beaconing.FewestConnections} connections, or connections in fewer than {Beaconing.FewestHours} hours of a day",
                $"{(pair.IsTarget ? flow.Source : flow.Destination)} on a trusted list, or in AWS's ranges where they are loaded",
                $"{BeaconPairs.MostInterfaces} or more interfaces of the account with the same peer",
            ]);
    }

    private static Quantiles Quantiles(IReadOnlyList<double> ascending, string unit) =>
        new(ascending.Count, Rhythm.Quantile(ascending, 0.5), Rhythm.Quantile(ascending, 0.9), ascending[^1], unit);
}
