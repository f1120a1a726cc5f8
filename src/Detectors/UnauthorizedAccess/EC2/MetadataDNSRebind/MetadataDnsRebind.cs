using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Logs;

namespace Yagura.Detectors.UnauthorizedAccess.EC2;

/// <summary>A name that somebody else owns is answered with the address of the instance metadata service.</summary>
/// <remarks>
/// An application that fetches a web address it was given, and then trusts the name, can so be made to read the credentials of its instance.
/// Names that AWS itself points there are quiet. Blind spots: resolvers other than the VPC's, an address written into the link itself, a redirect.
/// Source: Amazon EC2 user guide, "Access instance metadata" (169.254.169.254 and fd00:ec2::254).
/// </remarks>
public sealed class MetadataDnsRebind : Detector<DnsQuery>
{
    private static readonly IpAddress MetadataV4 = IpAddress.FromV4(0xA9FE_A9FE);
    private static readonly IpAddress MetadataV6 = new(0xFD00_0EC2_0000_0000, 0x0254);

    public override IReadOnlyList<TypeBinding> Types { get; } = [new("UnauthorizedAccess:EC2/MetadataDNSRebind")];

    public override void Detect(DnsQuery query, Knowledge knowledge, IDetections found)
    {
        foreach (var address in DnsFacts.Answers(query))
        {
            if (address != MetadataV4 && address != MetadataV6) continue;
            if (IsOfAws(query.Name)) return;
            var domain = Utf8.Text(query.Name).ToLowerInvariant();
            found.Add(DnsFacts.Detection(
                query, Types[0].Type, Severity.High, knowledge, $"{domain} was answered with {address}, the address of the instance metadata service") with
            {
                AdditionalInfo = [new("domain", domain)],
            });
            return;
        }
    }

    // instance-data.ec2.internal, instance-data.<region>.compute.internal and their like.
    private static bool IsOfAws(ReadOnlySpan<byte> name) =>
        IsUnder(name, ".ec2.internal"u8) || IsUnder(name, ".compute.internal"u8) || IsUnder(name, ".amazonaws.com"u8);

    private static bool IsUnder(ReadOnlySpan<byte> name, ReadOnlySpan<byte> zone) =>
        name.Length > zone.Length && System.Text.Ascii.EqualsIgnoreCase(name[^zone.Length..], zone);
}
