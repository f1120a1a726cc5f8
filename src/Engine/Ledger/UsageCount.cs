using System.Buffers;
using Yagura.Core.Ports;
using Yagura.Detectors;
using Yagura.Engine.Reading;
using Yagura.Logs;

namespace Yagura.Engine.Ledger;

/// <summary>Counts what is read of one object, by account, region, feature and resource. One for each reader, used again.</summary>
/// <remarks>A call on objects in S3 counts for <c>S3_DATA_EVENTS</c> and its bucket, be it a data event in a trail or a line of an access log; every other call counts for
/// <c>CLOUD_TRAIL</c>, data events of other services too. Counting one more record of what was counted before allocates nothing.</remarks>
internal sealed class UsageCount
{
    /// <summary>Entries of one object; what does not fit is counted without its resource, and then without account and region.</summary>
    public const int MostEntries = 1_000;

    private const int LongestName = 64;

    private static readonly SearchValues<byte> RegionCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-"u8);
    private static readonly SearchValues<byte> BucketCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._"u8);

    private readonly Dictionary<string, Sum> _sums = new(new Utf8Comparer());
    private readonly Dictionary<string, Sum>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private readonly byte[] _lastKey = new byte[4 * LongestName];
    private int _lastLength;
    private Sum? _last;

    private sealed class Sum { public long Records, Bytes; }

    public UsageCount() => _byBytes = _sums.GetAlternateLookup<ReadOnlySpan<byte>>();

    public void Add(ApiCall call)
    {
        var isData = call.IsS3DataEvent;
        Add(call.AccountId, call.Region, isData ? "S3_DATA_EVENTS"u8 : "CLOUD_TRAIL"u8, isData ? RequestJson.FirstText(call[ApiField.RequestParameters], "\"bucketName\""u8) : default, call.Raw.Length);
    }

    public void Add(FlowRecord flow) => Add(flow.AccountId, flow.Region, "FLOW_LOGS"u8, default, flow.Raw.Length);

    public void Add(DnsQuery query) =>
        Add(query.AccountId, query[DnsField.Region] is { IsEmpty: false } region ? region : query.Hints.Region, "DNS_LOGS"u8, default, query.Raw.Length);

    /// <summary>What was counted, in a fixed order; then it begins anew.</summary>
    public IReadOnlyList<UsageEntry> Drain()
    {
        if (_sums.Count == 0) return [];
        var entries = _sums.OrderBy(sum => sum.Key, StringComparer.Ordinal).Select(sum => Entry(sum.Key, sum.Value)).ToList();
        Clear();
        return entries;
    }

    public void Clear()
    {
        _sums.Clear();
        _last = null;
    }

    private void Add(ReadOnlySpan<byte> account, ReadOnlySpan<byte> region, ReadOnlySpan<byte> feature, ReadOnlySpan<byte> resource, int bytes)
    {
        if (account.Length != 12 || account.ContainsAnyExceptInRange((byte)'0', (byte)'9')) account = default;
        if (!IsName(region, RegionCharacters)) region = default;
        if (!IsName(resource, BucketCharacters)) resource = default;
        Span<byte> key = stackalloc byte[_lastKey.Length];
        var length = 0;
        Put(feature, key, ref length);
        Put(account, key, ref length);
        Put(region, key, ref length);
        Put(resource, key, ref length);
        key = key[..length];
        if (_last is null || !key.SequenceEqual(_lastKey.AsSpan(0, _lastLength)))
        {
            if (!TryFind(key))
            {
                if (!resource.IsEmpty) Add(account, region, feature, default, bytes);
                else Add(default, default, feature, default, bytes);
                return;
            }
            key.CopyTo(_lastKey);
            _lastLength = length;
        }
        _last!.Records++;
        _last.Bytes += bytes;
    }

    private bool TryFind(ReadOnlySpan<byte> key)
    {
        if (_byBytes.TryGetValue(key, out _last)) return true;
        // What an object may fall back to always has room: there are only so many features.
        if (_sums.Count >= MostEntries && !key.EndsWith("    "u8)) return false;
        _byBytes[key] = _last = new();
        return true;
    }

    private static bool IsName(ReadOnlySpan<byte> text, SearchValues<byte> characters) => text.Length <= LongestName - 1 && !text.ContainsAnyExcept(characters);

    private static void Put(ReadOnlySpan<byte> part, Span<byte> key, ref int length)
    {
        part.CopyTo(key[length..]);
        length += part.Length;
        key[length++] = (byte)' ';
    }

    private static UsageEntry Entry(string key, Sum sum)
    {
        var parts = key.Split(' ');
        return new(parts[1], parts[2], parts[0], parts[3].Length > 0 ? parts[3] : null, sum.Records, sum.Bytes);
    }
}
