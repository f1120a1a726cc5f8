using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Yagura.Engine.Baselines;

/// <summary>What can be usual or unusual about a call.</summary>
public enum Trait
{
    Api = 1, Network, Country, Client, Region, Error, Hour, Bucket,
    /// <summary>Of an account: the principal itself.</summary>
    Principal,
    /// <summary>What of the request tells most about the call: the type of the instances that are launched.</summary>
    Detail,
    /// <summary>That a day had at least so many calls of one kind: one feature for each power of two.</summary>
    Amount,
}

/// <summary>Names of features and subjects, as the memory of baselines tells them apart.</summary>
internal static class Named
{
    private const int TraitShift = 28;

    /// <summary>Numbers that a trait may have.</summary>
    public const int Traits = 1 << 32 - TraitShift;

    /// <summary>A feature: the trait in the upper four bits, so that those of one trait can be told from the others, and a hash of the value.</summary>
    public static uint Feature(Trait trait, string value) => (uint)trait << TraitShift | (uint)Hash(value) >> 32 - TraitShift;

    /// <summary>A feature of what is told apart by API.</summary>
    public static uint Feature(Trait trait, Api api, string value) => (uint)trait << TraitShift | (uint)((Hash(value) ^ (ulong)api.Feature << 32) * 0x9E37_79B9_7F4A_7C15 >> 64 - TraitShift);

    /// <summary>The habit of reaching a power of two of something that is counted.</summary>
    public static uint Amount(ulong what, int power) => (uint)Trait.Amount << TraitShift | (uint)((what + (ulong)power) * 0x9E37_79B9_7F4A_7C15 >> 64 - TraitShift);

    public static ulong What(string what) => Hash(what);

    public static Trait TraitOf(uint feature) => (Trait)(feature >> TraitShift);

    /// <summary>A principal, peer group, account or bucket.</summary>
    public static ulong Subject(string level, string account, string name) => Hash($"{level}\n{account}\n{name}");

    private static ulong Hash(string text) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()));
}
