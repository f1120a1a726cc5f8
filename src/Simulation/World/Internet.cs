using Yagura.Core;

namespace Yagura.Simulation.World;

/// <summary>The addresses of the simulated internet. They lie in 240.0.0.0/4, which is nobody's, and the listed ones in the documentation ranges.</summary>
/// <remarks>Sources: RFC 1112 section 4 (240.0.0.0/4 is reserved), RFC 5737 (documentation).</remarks>
internal static class Internet
{
    /// <summary>Addresses of AWS in a region: 241.R.0.0/16, published in the corpus' ip-ranges.json.</summary>
    public static uint Aws(int region, int host) => 241u << 24 | (uint)region << 16 | (uint)host & 0xFFFF;

    /// <summary>The first 64 addresses of a region belong to AWS services and Lambda; NAT gateways and elastic addresses follow.</summary>
    public const int FirstElastic = 64;

    /// <summary>An office of an account's owner: 242.0.0.0/8, four addresses each.</summary>
    public static uint Office(int account, int desk) => 242u << 24 | (uint)account << 4 | (uint)desk & 3;

    /// <summary>Everybody else: 243.0.0.0 to 249.255.255.255. No list names them.</summary>
    public static uint Anybody(ref SplitMix64 random) => (uint)(243 + random.Below(7)) << 24 | (uint)(random.Next() >> 40);

    /// <summary>A site that many talk to.</summary>
    public static uint Site(int number) => 249u << 24 | (uint)number * 2654435761 >> 8;

    /// <summary>Entries of the large threat list: 250.0.0.0 to 253.255.255.255. Nobody in the corpus talks to them.</summary>
    public static uint Shunned(ref SplitMix64 random) => (uint)(250 + random.Below(4)) << 24 | (uint)(random.Next() >> 40);

    public static string Text(uint address) => IpAddress.FromV4(address).ToString();
}
