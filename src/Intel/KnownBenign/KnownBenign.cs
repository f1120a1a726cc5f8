using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yagura.Intel;

/// <summary>Actors that are AWS's own: knowledge that ships with Yagura, for everybody to see, and each part of it can be switched off.</summary>
/// <remarks>It lies in <c>known-benign.json</c> beside this file. It is not about trust in what an actor does, only about who it is: a service
/// is no address, so lists of addresses do not speak of it.</remarks>
public sealed class KnownBenign
{
    private readonly byte[][] _addressEndings;
    private readonly byte[][] _addressWords;
    private readonly byte[][] _roleBeginnings;

    private KnownBenign(IReadOnlyList<BenignActor> all)
    {
        All = all;
        _addressEndings = Of(BenignPart.SourceAddress, p => p.StartsWith('*'), p => p[1..]);
        _addressWords = Of(BenignPart.SourceAddress, p => !p.StartsWith('*'), p => p);
        _roleBeginnings = Of(BenignPart.RoleName, p => p.EndsWith('*'), p => p[..^1]);
    }

    /// <summary>All that ships, read once.</summary>
    public static KnownBenign Shipped { get; } = new(Read());

    /// <summary>What is switched on.</summary>
    public IReadOnlyList<BenignActor> All { get; }

    /// <summary>This without the actors of the given <see cref="BenignActor.Id"/>s.</summary>
    /// <exception cref="IntelException">An id that is not there: it would switch nothing off.</exception>
    public KnownBenign Without(IReadOnlyCollection<string> ids)
    {
        var unknown = ids.Except(All.Select(a => a.Id), StringComparer.Ordinal).ToArray();
        return unknown.Length == 0
            ? new(All.Where(a => !ids.Contains(a.Id, StringComparer.Ordinal)).ToArray())
            : throw new IntelException($"no known-benign actor {string.Join(", ", unknown)}; there are {string.Join(", ", All.Select(a => a.Id))}");
    }

    /// <summary>Whether the text that stands for the source address names an AWS service. Allocates nothing.</summary>
    public bool IsService(ReadOnlySpan<byte> sourceIpAddressText)
    {
        foreach (var word in _addressWords)
        {
            if (sourceIpAddressText.SequenceEqual(word)) return true;
        }
        foreach (var ending in _addressEndings)
        {
            if (sourceIpAddressText.EndsWith(ending)) return true;
        }
        return false;
    }

    /// <summary>Whether only an AWS service can act in the role. Allocates nothing.</summary>
    /// <param name="roleName">Without path or ARN.</param>
    public bool IsServiceRole(ReadOnlySpan<byte> roleName)
    {
        foreach (var beginning in _roleBeginnings)
        {
            if (roleName.StartsWith(beginning)) return true;
        }
        return false;
    }

    private byte[][] Of(BenignPart part, Func<string, bool> kind, Func<string, string> text) =>
        All.Where(a => a.Part == part && kind(a.Pattern)).Select(a => Encoding.UTF8.GetBytes(text(a.Pattern))).ToArray();

    private static BenignActor[] Read()
    {
        using var stream = typeof(KnownBenign).Assembly.GetManifestResourceStream("Yagura.Intel.known-benign.json")!;
        return JsonSerializer.Deserialize(stream, BenignActorJson.Default.BenignActorArray)!;
    }
}

/// <summary>Where an actor shows.</summary>
public enum BenignPart
{
    /// <summary>CloudTrail's <c>sourceIPAddress</c>: <c>*.ending</c> or a whole word.</summary>
    SourceAddress,

    /// <summary>The name of the assumed role: <c>beginning*</c>.</summary>
    RoleName,
}

/// <param name="Id">To switch it off by.</param>
/// <param name="Why">One sentence for whoever asks.</param>
public sealed record BenignActor(string Id, BenignPart Part, string Pattern, string Why);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BenignActor[]))]
internal sealed partial class BenignActorJson : JsonSerializerContext;
