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

    // What was counted last, as the records said it: most of an object says the same throughout.
    private readonly byte[] _lastAccount = new byte[LongestName], _lastRegion = new byte[LongestName], _lastResource = new byte[LongestName];
    private (int Account, int Region, int Resource) _lastLengths;
    private byte _lastFeature; // its first letter, which no other has
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
        if (_last is not { } sum || feature[0] != _lastFeature || !account.SequenceEqual(_lastAccount.AsSpan(0, _lastLengths.Account))
            || !region.SequenceEqual(_lastRegion.AsSpan(0, _lastLengths.Region)) || !resource.SequenceEqual(_lastResource.AsSpan(0, _lastLengths.Resource)))
        {
            sum = Find(account, region, feature, resource);
            Remember(sum, account, region, feature, resource);
        }
        sum.Records++;
        sum.Bytes += bytes;
    }

    private Sum Find(ReadOnlySpan<byte> account, ReadOnlySpan<byte> region, ReadOnlySpan<byte> feature, ReadOnlySpan<byte> resource)
    {
        if (account.Length != 12 || account.ContainsAnyExceptInRange((byte)'0', (byte)'9')) account = default;
        if (!IsName(region, RegionCharacters)) region = default;
        if (!IsName(resource, BucketCharacters)) resource = default;
        Span<byte> key = stackalloc byte[4 * LongestName];
        var length = 0;
        Put(feature, key, ref length);
        Put(account, key, ref length);
        Put(region, key, ref length);
        Put(resource, key, ref length);
        if (_byBytes.TryGetValue(key[..length], out var sum)) return sum;
        // What an object may fall back to always has room: there are only so many features.
        if (_sums.Count < MostEntries || (account.IsEmpty && region.IsEmpty && resource.IsEmpty)) return _byBytes[key[..length]] = new();
        return resource.IsEmpty ? Find(default, default, feature, default) : Find(account, region, feature, default);
    }

    private void Remember(Sum sum, ReadOnlySpan<byte> account, ReadOnlySpan<byte> region, ReadOnlySpan<byte> feature, ReadOnlySpan<byte> resource)
    {
        _last = account.TryCopyTo(_lastAccount) && region.TryCopyTo(_lastRegion) && resource.TryCopyTo(_lastResource) ? sum : null;
        (_lastFeature, _lastLengths) = (feature[0], (account.Length, region.Length, resource.Length));
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
