using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Yagura.Core;
using Yagura.Core.Findings;

namespace Yagura.Detectors;

/// <summary>The organisation's instances, from the answers of <c>aws ec2 describe-instances</c>: which instance an interface or address belongs to.</summary>
public sealed class Inventory
{
    private readonly FrozenDictionary<string, InstanceDetails> _byId;
    private readonly FrozenDictionary<string, InstanceDetails> _byInterface;
    private readonly FrozenDictionary<IpAddress, InstanceDetails> _byAddress;

    public Inventory(IEnumerable<InstanceDetails> instances)
    {
        Instances = [.. instances.OrderBy(i => i.InstanceId, StringComparer.Ordinal)];
        var byInterface = new Dictionary<string, InstanceDetails>(StringComparer.Ordinal);
        var byAddress = new Dictionary<IpAddress, InstanceDetails>();
        foreach (var instance in Instances)
        {
            foreach (var network in instance.NetworkInterfaces)
            {
                if (network.NetworkInterfaceId is { } id) byInterface[id] = instance;
                foreach (var address in AddressesOf(network)) byAddress[address] = instance;
            }
        }
        _byId = Instances.Where(i => i.InstanceId is not null).DistinctBy(i => i.InstanceId!, StringComparer.Ordinal).ToFrozenDictionary(i => i.InstanceId!, StringComparer.Ordinal);
        _byInterface = byInterface.ToFrozenDictionary(StringComparer.Ordinal);
        _byAddress = byAddress.ToFrozenDictionary();
    }

    public static Inventory Empty { get; } = new([]);

    public IReadOnlyList<InstanceDetails> Instances { get; }

    public InstanceDetails? Instance(string id) => _byId.GetValueOrDefault(id);
    public InstanceDetails? OfInterface(string id) => _byInterface.GetValueOrDefault(id);

    /// <summary>The instance that has the address, private or public.</summary>
    public InstanceDetails? OfAddress(IpAddress address) => _byAddress.GetValueOrDefault(address);

    /// <summary>Reads one or several concatenated describe-instances answers, or a bare array of instances.</summary>
    /// <exception cref="FormatException">The text is not such an answer; the message says where.</exception>
    public static Inventory Parse(ReadOnlySpan<byte> json)
    {
        var instances = new List<InstanceDetails>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 32 });
        try
        {
            while (reader.Read())
            {
                using var document = JsonDocument.ParseValue(ref reader);
                Collect(document.RootElement, instances);
            }
        }
        catch (JsonException e)
        {
            throw new FormatException($"not JSON at line {e.LineNumber + 1}: expected the output of `aws ec2 describe-instances`", e);
        }
        return new Inventory(instances);
    }

    private static void Collect(JsonElement element, List<InstanceDetails> instances)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray()) Collect(item, instances);
        }
        else if (element.ValueKind != JsonValueKind.Object) throw new FormatException("expected the output of `aws ec2 describe-instances`");
        else if (element.Child("Reservations") is { ValueKind: not JsonValueKind.Undefined } reservations) Collect(reservations, instances);
        else if (element.Child("Instances") is { ValueKind: not JsonValueKind.Undefined } nested) Collect(nested, instances);
        else if (element.Child("InstanceId").ValueKind != JsonValueKind.Undefined) instances.Add(InstanceReader.Read(element, InstanceReader.Casing.Pascal));
        else throw new FormatException("an object is neither a reservation nor an instance: expected the output of `aws ec2 describe-instances`");
    }

    private static IEnumerable<IpAddress> AddressesOf(NetworkInterface network)
    {
        var texts = network.PrivateIpAddresses.Select(a => a.Address).Append(network.PrivateIpAddress).Append(network.PublicIp).Concat(network.Ipv6Addresses);
        foreach (var text in texts)
        {
            if (text is not null && IpAddress.TryParse(Encoding.UTF8.GetBytes(text), out var address)) yield return address;
        }
    }
}
