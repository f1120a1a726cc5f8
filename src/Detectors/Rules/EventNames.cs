using System.IO.Hashing;
using System.Text;
using Yagura.Matching.Conditions;

namespace Yagura.Detectors.Rules;

/// <summary>The names of API calls that some conditions are about: nearly every call is told apart by its name alone.</summary>
internal sealed class EventNames
{
    private const int Longest = 256;

    private readonly HashSet<ulong>? _hashes;

    private EventNames(HashSet<ulong>? hashes) => _hashes = hashes;

    /// <summary>The names that the conditions ask for; every name where one of them does not say.</summary>
    public static EventNames Of(IEnumerable<Condition> conditions)
    {
        var hashes = new HashSet<ulong>();
        foreach (var condition in conditions)
        {
            if (RequiredTexts.Of(condition, "eventName") is not { } names) return new(null);
            foreach (var name in names) hashes.Add(Hash(Encoding.UTF8.GetBytes(name)));
        }
        return new(hashes);
    }

    /// <summary>True where no condition needs to be asked about a call of this name. (Never false by mistake; true of two names in 2^64 by chance.)</summary>
    public bool Exclude(ReadOnlySpan<byte> name) => _hashes is not null && !_hashes.Contains(Hash(name));

    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        // Names beyond ASCII and overlong ones are none of AWS's: they are told apart as they are.
        if (name.Length > Longest) return XxHash3.HashToUInt64(name);
        Span<byte> lower = stackalloc byte[Longest];
        return Ascii.ToLower(name, lower, out var length) == System.Buffers.OperationStatus.Done ? XxHash3.HashToUInt64(lower[..length]) : XxHash3.HashToUInt64(name);
    }
}
