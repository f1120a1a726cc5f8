using System.Globalization;
using System.Text;
using Yagura.Tests;

namespace Yagura.Scenarios.Tests;

/// <summary>A day of Zeek's connection logs of one exposed host, converted to VPC flow logs as if the host were one interface.</summary>
/// <remarks>Two records a connection, one for each direction that had packets, cut at whole minutes with packets and bytes shared evenly over them.</remarks>
internal static class ZeekFlows
{
    private const string Host = "64.225.56.201";

    private static readonly Dictionary<string, int> Protocols = new(StringComparer.Ordinal) { ["icmp"] = 1, ["tcp"] = 6, ["udp"] = 17 };

    /// <summary>Lines of version 2, without a header.</summary>
    public static IReadOnlyList<string> OfADay() =>
    [
        .. Directory.EnumerateFiles(RealLogs.Path("zeek-exposed-host/2024-04-19"), "conn.*.log.gz").Order(StringComparer.Ordinal)
            .SelectMany(file => Of(Encoding.UTF8.GetString(RealLogs.Read("zeek-exposed-host/2024-04-19/" + Path.GetFileName(file))))),
    ];

    private static IEnumerable<string> Of(string log)
    {
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var names = lines.First(line => line.StartsWith("#fields\t", StringComparison.Ordinal)).Split('\t')[1..];
        return lines.Where(line => line[0] != '#')
            .Select(line => names.Zip(line.Split('\t')).ToDictionary(cell => cell.First, cell => cell.Second, StringComparer.Ordinal))
            .Where(connection => Protocols.ContainsKey(connection["proto"]) && !connection["id.orig_h"].Contains(':', StringComparison.Ordinal))
            .SelectMany(connection => Direction(connection, "orig", "resp").Concat(Direction(connection, "resp", "orig")));
    }

    private static IEnumerable<string> Direction(Dictionary<string, string> connection, string from, string to)
    {
        var (packets, bytes) = (Number(connection[from + "_pkts"]), Number(connection[from + "_ip_bytes"]));
        var started = double.Parse(connection["ts"], CultureInfo.InvariantCulture);
        var ended = started + (connection["duration"] == "-" ? 0 : double.Parse(connection["duration"], CultureInfo.InvariantCulture));
        var first = (long)(started / 60);
        var minutes = (long)(ended / 60) - first + 1;
        string Port(string side) => connection["proto"] == "icmp" ? "0" : connection[$"id.{side}_p"];
        var action = connection["id.resp_h"] == Host && connection["conn_state"] == "S0" ? "REJECT" : "ACCEPT";
        for (var minute = 0L; minute < minutes; minute++)
        {
            var share = packets * (minute + 1) / minutes - packets * minute / minutes;
            if (share == 0) continue;
            yield return string.Create(CultureInfo.InvariantCulture,
                $"2 111122223333 eni-0123456789abcdef0 {connection[$"id.{from}_h"]} {connection[$"id.{to}_h"]} {Port(from)} {Port(to)} {Protocols[connection["proto"]]} {share} {bytes * (minute + 1) / minutes - bytes * minute / minutes} {(first + minute) * 60} {(first + minute + 1) * 60} {action} OK");
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
