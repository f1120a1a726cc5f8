using System.Runtime.InteropServices;
using Yagura.Core;
using Yagura.Logs;

namespace Yagura.Detectors.Yagura.EC2;

/// <summary>The connections that an object shows, as they stand there: they are looked up many at once when the object has been read.</summary>
internal sealed class BeaconNotes
{
    // Small enough for arrays that the collector frees at once.
    private const int PageBits = 11;

    private readonly Dictionary<ulong, int> _ownersByRecord = [];
    private (string Name, int Number) _object = ("", -1);

    public BeaconNames Names { get; } = new();

    public Pages<BeaconNote> All { get; } = new(PageBits);

    public void Add(FlowRecord flow, IpAddress local, IpAddress remote, BeaconEnds ends, bool isTold, ISteps<BeaconPairs> steps)
    {
        if (_object.Number < 0 || !ReferenceEquals(_object.Name, steps.ObjectName)) _object = (steps.ObjectName, Names.NumberOf(steps.ObjectName));
        var start = flow.Start.ToUnixTimeSeconds();
        All.Add(new(
            remote.V4, OwnerOf(flow, local, isTold, steps), (uint)start, (uint)Math.Min(flow.Record, uint.MaxValue), _object.Number,
            flow.DestinationPort, flow.SourcePort, (ushort)Math.Clamp(flow.End.ToUnixTimeSeconds() - start, 0, ushort.MaxValue), BeaconStart.WeightOf(flow.Bytes), ends));
    }

    // By the bytes of records, so that no text is made for an owner that is known.
    private int OwnerOf(FlowRecord flow, IpAddress local, bool isTold, ISteps<BeaconPairs> steps)
    {
        const ulong Odd1 = 0x9E3779B97F4A7C15, Odd2 = 0xC2B2AE3D27D4EB4F;
        var entity = flow.InterfaceId.IsEmpty ? flow.InstanceId : flow.InterfaceId;
        // The end of an id is what tells ids apart: eni-0a1b2c3d4e5f60718.
        var id = entity.Length >= 16 ? MemoryMarshal.Read<UInt128>(entity[^16..]) : ContentHash.Of(entity);
        var key = ((ulong)id ^ (local.High ^ local.Low) * Odd2) * Odd1 ^ (ulong)(id >> 64) * Odd2;
        key = (key ^ key >> 29 ^ (isTold ? 1u : 0)) * Odd1;
        if (_ownersByRecord.TryGetValue(key, out var known)) return known;
        var number = Names.NumberOf(BeaconOwner.Of(flow, local, isTold ? null : steps.OwnAddress(flow)));
        _ownersByRecord.Add(key, number);
        return number;
    }
}
