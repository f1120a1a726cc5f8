using System.Text;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Logs;

namespace Yagura.Engine.Evaluation;

/// <summary>Learns while logs are read which of their records the lines of a truth speak of.</summary>
/// <remarks><see cref="See"/> may be called by several threads.</remarks>
public sealed class TruthRecords
{
    /// <summary>Records kept of one line; more are passed over and told of.</summary>
    public const int MostRecords = 1_000_000;

    private readonly Matched[] _lines;
    private readonly Dictionary<UInt128, List<Matched>> _byEvent = [];
    private readonly Dictionary<(string Object, long Record), ulong> _byPlace = [];
    private readonly Lock _lock = new();

    public TruthRecords(IReadOnlyList<TruthLine> lines, Inventory inventory)
    {
        _lines = [.. lines.Select(line => new Matched(line, inventory))];
        foreach (var matched in _lines)
        {
            foreach (var name in matched.Line.Events)
            {
                var key = ContentHash.Of(Encoding.UTF8.GetBytes(name));
                if (!_byEvent.TryGetValue(key, out var of)) _byEvent.Add(key, of = []);
                of.Add(matched);
            }
        }
    }

    /// <summary>A line with its records, by the hashes that findings know theirs by.</summary>
    public sealed class Matched
    {
        private readonly byte[][] _principals, _accounts, _names, _agents;
        private readonly (byte[] Text, byte[]? Network)[] _resources;
        private readonly Dictionary<ulong, DateTimeOffset> _records = [];

        internal Matched(TruthLine line, Inventory inventory)
        {
            Line = line;
            _resources =
            [
                .. Bytes(line.Resources).Select(text => (text, (byte[]?)null)),
                .. inventory.Instances.Where(instance => line.Resources.Contains(instance.InstanceId, StringComparer.Ordinal) || line.Resources.Contains(instance.IamInstanceProfile?.Arn, StringComparer.Ordinal)).SelectMany(NamesOf),
            ];
            _principals = Bytes(line.Principals);
            _accounts = Bytes(line.Accounts);
            _names = Bytes(line.Names);
            _agents = Bytes(line.Agents);
            static byte[][] Bytes(IEnumerable<string> texts) => [.. texts.Where(text => text.Length > 0).Select(Encoding.UTF8.GetBytes)];
        }

        public TruthLine Line { get; }

        /// <summary>When each record happened.</summary>
        public IReadOnlyDictionary<ulong, DateTimeOffset> Records => _records;

        /// <summary>Records beyond <see cref="MostRecords"/>.</summary>
        public long NotKept { get; private set; }

        internal void Add(ulong record, DateTimeOffset time)
        {
            if (_records.Count < MostRecords || _records.ContainsKey(record)) _records[record] = time;
            else NotKept++;
        }

        /// <summary>Whether a record fits the conditions of a line that names no records.</summary>
        internal bool Fits(LogEvent record)
        {
            if (record.Time < Line.Start || record.Time > Line.End) return false;
            if (_accounts.Length > 0 && !Is(_accounts, record.AccountId)) return false;
            if (Line.Addresses.Count > 0 && !HasAddress(record)) return false;
            if (_names.Length + _principals.Length + _agents.Length > 0 && (record is not ApiCall call || !Fits(call))) return false;
            return _resources.Length == 0 || Array.Exists(_resources, one => Holds(record.Raw, one.Text) && (one.Network is null || Holds(record.Raw, one.Network)));
        }

        private bool Fits(ApiCall call) =>
            (_names.Length == 0 || Is(_names, call.Name)) && (_agents.Length == 0 || Is(_agents, call[ApiField.UserAgent]))
            && (_principals.Length == 0 || Is(_principals, call[ApiField.UserArn]) || Is(_principals, call[ApiField.UserName]) || Is(_principals, call[ApiField.PrincipalId])
                || Is(_principals, call[ApiField.AccessKeyId]) || Is(_principals, call[ApiField.IssuerArn]));

        private bool HasAddress(LogEvent record) => record switch
        {
            ApiCall call => Line.Addresses.Contains(call.Address),
            FlowRecord flow => Line.Addresses.Contains(flow.Source) || Line.Addresses.Contains(flow.Destination) || Line.Addresses.Contains(flow.PacketSource) || Line.Addresses.Contains(flow.PacketDestination),
            DnsQuery query => Line.Addresses.Contains(query.Source),
            _ => false,
        };

        // As a word of its own: 10.0.0.1 does not stand in 10.0.0.12, nor eni-1 in eni-12.
        private static bool Holds(ReadOnlySpan<byte> record, byte[] text)
        {
            for (var from = 0; record[from..].IndexOf(text) is >= 0 and var at; from += at + 1)
            {
                var (before, after) = (from + at - 1, from + at + text.Length);
                if ((before < 0 || !IsWord(record[before])) && (after >= record.Length || !IsWord(record[after]))) return true;
            }
            return false;
        }

        private static bool IsWord(byte letter) => char.IsAsciiLetterOrDigit((char)letter);

        private static bool Is(byte[][] texts, ReadOnlySpan<byte> value)
        {
            if (value.IsEmpty) return false;
            foreach (var text in texts)
            {
                if (value.SequenceEqual(text)) return true;
            }
            return false;
        }

        private static IEnumerable<(byte[] Text, byte[]? Network)> NamesOf(InstanceDetails instance) =>
            instance.NetworkInterfaces.SelectMany(NamesOf).Append((Encoding.UTF8.GetBytes(instance.InstanceId ?? ""), null)).Where(name => name.Item1.Length > 0);

        // A private address says who it is only together with the network: others have the same.
        private static IEnumerable<(byte[] Text, byte[]? Network)> NamesOf(NetworkInterface network)
        {
            if (network.NetworkInterfaceId is { Length: > 0 } id) yield return (Encoding.UTF8.GetBytes(id), null);
            if (network.VpcId is not { Length: > 0 } vpc) yield break;
            foreach (var address in network.PrivateIpAddresses.Select(address => address.Address).Append(network.PrivateIpAddress).OfType<string>().Distinct(StringComparer.Ordinal))
                yield return (Encoding.UTF8.GetBytes(address), Encoding.UTF8.GetBytes(vpc));
        }
    }

    public IReadOnlyList<Matched> Lines => _lines;

    /// <summary>The hash of a record by its place; null where no line speaks of it.</summary>
    public ulong? RecordOf(EvidenceRecord evidence) => _byPlace.TryGetValue((evidence.Object, evidence.Record), out var record) ? record : null;

    public void See(LogEvent record, string objectName)
    {
        List<Matched>? matched = null;
        if (record is ApiCall call && _byEvent.Count > 0)
        {
            Collect(call[ApiField.EventId], ref matched);
            Collect(call[ApiField.RequestId], ref matched);
        }
        foreach (var line in _lines)
        {
            if (line.Line.Events.Count == 0 && line.Fits(record)) (matched ??= []).Add(line);
        }
        if (matched is null) return;
        var hash = Occurrences.HashOf(record.Identity);
        lock (_lock)
        {
            _byPlace[(objectName, record.Record)] = hash;
            foreach (var line in matched) line.Add(hash, record.Time);
        }
    }

    private void Collect(ReadOnlySpan<byte> id, ref List<Matched>? matched)
    {
        if (!id.IsEmpty && _byEvent.TryGetValue(ContentHash.Of(id), out var of)) (matched ??= []).AddRange(of);
    }
}
