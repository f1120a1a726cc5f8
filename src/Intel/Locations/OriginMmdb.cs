using System.Net;
using System.Security.Cryptography;
using MaxMind.Db;
using Yagura.Core;

namespace Yagura.Intel;

/// <summary>A database in MaxMind's format: the layouts of GeoIP2 and GeoLite2 (country, city, ASN) and of ip-location-db.</summary>
/// <remarks>Held in memory, so that replacing the file touches no reader.</remarks>
public sealed class OriginMmdb : IOriginSource
{
    private readonly Reader _reader;

    private OriginMmdb(Reader reader, string sha256)
    {
        _reader = reader;
        Sha256 = sha256;
    }

    /// <summary>What the database calls itself, such as <c>GeoLite2-City</c>.</summary>
    public string DatabaseType => _reader.Metadata.DatabaseType;

    public string Sha256 { get; }

    public bool TellsPlaces => Is("Country") || Is("City") || !(Is("ASN") || Is("ISP"));

    private bool Is(string word) => DatabaseType.Contains(word, StringComparison.OrdinalIgnoreCase);

    /// <returns>The database, or null and why the content is none.</returns>
    public static OriginMmdb? TryParse(byte[] content, out string reason)
    {
        try
        {
            var database = new OriginMmdb(new Reader(new MemoryStream(content, writable: false)), Convert.ToHexStringLower(SHA256.HashData(content)));
            reason = "";
            return database;
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            reason = "not a MaxMind database, or a damaged one";
            return null;
        }
    }

    public AddressOrigin? Find(IpAddress address)
    {
        Dictionary<string, object>? record;
        try
        {
            record = _reader.Find<Dictionary<string, object>>(IPAddress.Parse(address.ToString()));
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            return null; // a damaged record: the rest of the database may still be good
        }
        if (record is null) return null;
        var country = Map(record, "country") ?? Map(record, "registered_country");
        var location = Map(record, "location") ?? record;
        return new(
            Text(country, "iso_code") ?? Text(record, "country_code"), Name(country), Name(Map(record, "city")) ?? Text(record, "city"),
            Number(location, "latitude"), Number(location, "longitude"), (long?)Number(record, "autonomous_system_number"),
            Text(record, "autonomous_system_organization"));
    }

    private static string? Name(Dictionary<string, object>? place) => place is null ? null : Text(Map(place, "names"), "en");

    private static Dictionary<string, object>? Map(Dictionary<string, object> record, string key) => record.GetValueOrDefault(key) as Dictionary<string, object>;

    private static string? Text(Dictionary<string, object>? record, string key) =>
        record?.GetValueOrDefault(key) is string { Length: > 0 } text ? text : null;

    private static double? Number(Dictionary<string, object> record, string key) => record.GetValueOrDefault(key) switch
    {
        double number => number,
        float number => number,
        int number => number,
        long number => number,
        uint number => number,
        _ => null,
    };

    /// <summary>What the reader throws on content that is not as the format has it.</summary>
    private static bool IsBroken(Exception exception) =>
        exception is InvalidDatabaseException or DeserializationException or ArgumentException or IndexOutOfRangeException or OverflowException
            or InvalidCastException or InvalidOperationException or NotSupportedException or IOException;
}
