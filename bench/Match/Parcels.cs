using System.Globalization;
using System.Text;

namespace Yagura.Bench.Match;

/// <summary>Parcels of land of an invented city as GeoJSON features, and one set of rules for each kind of match.</summary>
internal static class Parcels
{
    private static readonly string[] Streets =
    [
        "ACORN", "ALDER", "AMBER", "ASHBY", "BAYVIEW", "BEECH", "BIRCHWOOD", "BRIDGE", "CEDAR", "CHAPEL", "CHERRY", "CLIFTON", "COLLEGE", "DALTON", "DOCK", "DRAPER", "EASTERN", "ELMWOOD",
        "FERRY", "FOUNDRY", "FULLER", "GARDEN", "GRANITE", "HARBOR", "HAWTHORN", "HUDSON", "IRVING", "JUNIPER", "KINGSTON", "LANTERN", "LINDEN", "MARKET", "MASONRY", "MILLER", "NORTHGATE", "OAK",
        "ORCHARD", "PARKSIDE", "PEARL", "QUARRY", "RIVERTON", "ROWAN", "SALT", "SUMMIT", "TANNER", "UNION", "VALLEY", "WALNUT", "WHARF", "WILLOW",
    ];

    private static readonly string[] Types = ["ST", "AVE", "BLVD", "CT", "LN", "WAY"];

    /// <summary>The kinds, each with five rules; the last two are sets of them.</summary>
    public static IEnumerable<(string Kind, string[] Patterns)> Kinds()
    {
        string[] streets = ["ACORN", "Bridge", "fuller", "MARKET", "willow"];
        (string Kind, string[] Patterns)[] kinds =
        [
            ("exact", [.. ParcelNumbers.Select(number => Property("PARCEL", $"\"{number}\""))]),
            ("wildcard", [.. ((string[])["10*", "2*0*1*7", "*218", "3*5*2", "4*4"]).Select(text => Property("PARCEL", $"{{\"wildcard\":\"{text}\"}}"))]),
            ("prefix", [.. ((string[])["AC", "BR", "FU", "QUAR", "WI"]).Select(text => Property("STREET", $"{{\"prefix\":\"{text}\"}}"))]),
            ("prefix-ignore-case", [.. ((string[])["Ac", "bR", "fu", "QuAr", "wI"]).Select(text => Property("STREET", $"{{\"prefix\":{{\"equals-ignore-case\":\"{text}\"}}}}"))]),
            ("suffix", [.. ((string[])["ON", "GATE", "RY", "OOD", "LL"]).Select(text => Property("STREET", $"{{\"suffix\":\"{text}\"}}"))]),
            ("suffix-ignore-case", [.. ((string[])["oN", "gAtE", "ry", "OoD", "lL"]).Select(text => Property("STREET", $"{{\"suffix\":{{\"equals-ignore-case\":\"{text}\"}}}}"))]),
            ("equals-ignore-case", [.. streets.Select(text => Property("STREET", $"{{\"equals-ignore-case\":\"{text}\"}}"))]),
            ("numeric",
            [
                """{"geometry":{"type":["Polygon"],"firstCoordinates":{"x":[{"numeric":["=",-122.41873562049116]}]}}}""",
                """{"geometry":{"type":["MultiPolygon"],"firstCoordinates":{"z":[{"numeric":["=",0]}]}}}""",
                """{"geometry":{"firstCoordinates":{"x":[{"numeric":["<",-122.43]}]}}}""",
                """{"geometry":{"firstCoordinates":{"x":[{"numeric":[">",-122.43]}]}}}""",
                """{"geometry":{"firstCoordinates":{"x":[{"numeric":[">",-122.43,"<",-122.40]}]}}}""",
            ]),
            ("anything-but",
            [
                Property("STREET", """{"anything-but":["FULLER"]}"""), Property("STREET", """{"anything-but":["MARKET"]}"""), Property("ST_TYPE", """{"anything-but":["ST"]}"""),
                """{"geometry":{"type":[{"anything-but":["Polygon"]}]}}""", Property("FROM_ST", """{"anything-but":["441"]}"""),
            ]),
            ("anything-but-ignore-case",
            [
                Property("STREET", """{"anything-but":{"equals-ignore-case":["Fuller"]}}"""), Property("STREET", """{"anything-but":{"equals-ignore-case":["Market"]}}"""),
                Property("ST_TYPE", """{"anything-but":{"equals-ignore-case":["st"]}}"""), """{"geometry":{"type":[{"anything-but":{"equals-ignore-case":["polygon"]}}]}}""",
                Property("FROM_ST", """{"anything-but":{"equals-ignore-case":["441"]}}"""),
            ]),
            ("anything-but-prefix",
            [
                Property("STREET", """{"anything-but":{"prefix":"FULL"}}"""), Property("STREET", """{"anything-but":{"prefix":"MARK"}}"""), Property("ST_TYPE", """{"anything-but":{"prefix":"S"}}"""),
                """{"geometry":{"type":[{"anything-but":{"prefix":"Poly"}}]}}""", Property("FROM_ST", """{"anything-but":{"prefix":"44"}}"""),
            ]),
            ("anything-but-suffix",
            [
                Property("STREET", """{"anything-but":{"suffix":"ULLER"}}"""), Property("STREET", """{"anything-but":{"suffix":"RKET"}}"""), Property("ST_TYPE", """{"anything-but":{"suffix":"T"}}"""),
                """{"geometry":{"type":[{"anything-but":{"suffix":"olygon"}}]}}""", Property("FROM_ST", """{"anything-but":{"suffix":"41"}}"""),
            ]),
            ("anything-but-wildcard", [.. ((string[])["10*", "2*0*1*7", "*218", "3*5*2", "4*4"]).Select(text => Property("PARCEL", $"{{\"anything-but\":{{\"wildcard\":\"{text}\"}}}}"))]),
            ("complex-arrays",
            [
                """{"geometry":{"type":["Polygon"],"coordinates":{"x":[{"numeric":["=",-122.41873562049116]}]}}}""",
                """{"geometry":{"type":["MultiPolygon"],"coordinates":{"y":[{"numeric":["=",37.75023168809221]}]}}}""",
                """{"geometry":{"coordinates":{"x":[{"numeric":["<",-122.43]}]}}}""",
                """{"geometry":{"coordinates":{"x":[{"numeric":[">",-122.43]}]}}}""",
                """{"geometry":{"coordinates":{"x":[{"numeric":[">",-122.43,"<",-122.40]}]}}}""",
            ]),
        ];
        foreach (var kind in kinds) yield return kind;
        yield return ("combined-without-arrays", [.. kinds[..^1].SelectMany(kind => kind.Patterns)]);
        yield return ("combined", [.. kinds.SelectMany(kind => kind.Patterns)]);
        yield return ("consistent",
        [
            """{"geometry":{"coordinates":{"x":[{"numeric":["<",-122.43]}],"y":[{"numeric":[">",37.77]}]}}}""",
            """{"geometry":{"coordinates":{"x":[{"numeric":[">",-122.40]}],"y":[{"numeric":["<",37.71]}],"z":[0]}}}""",
        ]);
    }

    private static readonly string[] ParcelNumbers = ["1000022", "2607117", "2607218", "3745012", "4500044"];

    private static string Property(string name, string test) => $"{{\"properties\":{{\"{name}\":[{test}]}}}}";

    public static IEnumerable<string> Events(int count)
    {
        var chance = new SplitMix(7);
        for (var i = 0; i < count; i++) yield return Event(chance);
    }

    private static string Event(SplitMix chance)
    {
        var number = chance.Below(200) == 0 ? chance.Of(ParcelNumbers) : $"{1_000_000 + chance.Below(4_000_000)}";
        var (x, y) = (-122.5 + 0.14 * chance.Unit(), 37.7 + 0.13 * chance.Unit());
        var points = Enumerable.Range(0, 5 + chance.Skewed(14)).Select(_ => Point(x += 0.0004 * (chance.Unit() - 0.5), y += 0.0004 * (chance.Unit() - 0.5))).ToList();
        var (low, side) = (chance.Below(3000), chance.Below(2));
        var text = new StringBuilder("{\"type\":\"Feature\",\"properties\":{");
        text.Append(CultureInfo.InvariantCulture, $"\"PARCEL\":\"{number}\",\"BLOCK\":\"{number}\",\"BLOCK_NUM\":\"{number[..4]}\",\"LOT_NUM\":\"{number[4..]}\",\"FROM_ST\":\"{low}\",\"TO_ST\":\"{low + 2 * side}\",");
        text.Append(CultureInfo.InvariantCulture, $"\"STREET\":\"{chance.Of(Streets)}\",\"ST_TYPE\":{(chance.Below(12) == 0 ? "null" : $"\"{chance.Of(Types)}\"")},\"ODD_EVEN\":\"{(side == 0 ? "E" : "O")}\"}},");
        var type = chance.Below(20) == 0 ? "MultiPolygon" : "Polygon";
        text.Append(CultureInfo.InvariantCulture, $"\"geometry\":{{\"type\":\"{type}\",\"firstCoordinates\":{points[0]},\"coordinates\":[[{string.Join(',', points)}]]}}}}");
        return text.ToString();
    }

    private static string Point(double x, double y) => string.Create(CultureInfo.InvariantCulture, $"{{\"x\":{x:R},\"y\":{y:R},\"z\":0.0}}");
}
