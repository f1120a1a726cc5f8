using System.Text;

namespace Yagura.Simulation.World;

/// <summary>Who and what there is in the simulated accounts; made from the seed, the same for every object and scenario.</summary>
internal sealed class Organization
{
    public Organization(ulong seed, Profile profile)
    {
        Seed = seed;
        Profile = profile;
        Accounts = [.. Enumerable.Range(0, profile.Accounts).Select(i => new Account(this, i))];
        Outpost = new(this, profile.Accounts);
    }

    public ulong Seed { get; }
    public Profile Profile { get; }
    public IReadOnlyList<Account> Accounts { get; }

    /// <summary>One account more, in which nothing happens but what plans bring.</summary>
    public Account Outpost { get; }

    /// <summary>First second of the corpus; a fixed date, for the corpus must not depend on the day it is made.</summary>
    public static long Start { get; } = new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    /// <summary>The corpus covers one day.</summary>
    public const int Seconds = 24 * 60 * 60;

    public const string OrganizationId = "o-yagura0sim";
}

/// <summary>One AWS account with its principals, instances and buckets.</summary>
internal sealed class Account
{
    public const int BucketsPerRegion = 8;

    public Account(Organization organization, int index)
    {
        Index = index;
        // 111122223333, 444455556666, 777788889999 and on: the pattern of documentation accounts, a thousand of them.
        var digits = (123 + 333 * index) % 1000;
        Id = $"{digits / 100}{digits / 100}{digits / 100}{digits / 100}{digits / 10 % 10}{digits / 10 % 10}{digits / 10 % 10}{digits / 10 % 10}{digits % 10}{digits % 10}{digits % 10}{digits % 10}";
        IdBytes = Encoding.ASCII.GetBytes(Id);
        var random = SplitMix64.At(organization.Seed, index, 0, 0, Purpose.Organization);
        Prefix = Convert.ToHexStringLower(BitConverter.GetBytes(random.Next()))[..6];
        CanonicalId = string.Concat(Enumerable.Range(0, 4).Select(_ => random.Next().ToString("x16")));
        Regions = [.. Enumerable.Range(0, organization.Profile.Regions).Select(i => new Region(this, i, ref random))];
        var principals = new List<Principal>();
        var instances = new List<Instance>();
        for (var i = 0; i < organization.Profile.PrincipalsPerAccount; i++)
        {
            var instance = i % 10 >= 7 ? new Instance(Regions[instances.Count % Regions.Count], instances.Count, ref random) : null;
            if (instance is not null) instances.Add(instance);
            principals.Add(new Principal(this, i, instance, ref random));
        }
        Principals = principals;
        Instances = instances;
    }

    public int Index { get; }
    public string Id { get; }
    public byte[] IdBytes { get; }
    /// <summary>Six hex digits that keep the account's bucket names apart from everybody's.</summary>
    public string Prefix { get; }
    /// <summary>The S3 owner identifier, 64 hex digits.</summary>
    public string CanonicalId { get; }
    public IReadOnlyList<Region> Regions { get; }
    public IReadOnlyList<Principal> Principals { get; }
    public IReadOnlyList<Instance> Instances { get; }
}

/// <summary>One region of one account, with its network and buckets.</summary>
internal sealed class Region
{
    public Region(Account account, int index, ref SplitMix64 random)
    {
        Index = index;
        Name = Names.Regions[index];
        NameBytes = Encoding.ASCII.GetBytes(Name);
        VpcId = $"vpc-0{random.Next():x16}";
        SubnetId = $"subnet-0{random.Next():x16}";
        SecurityGroupId = $"sg-0{random.Next():x16}";
        FlowLogId = $"fl-0{random.Next():x16}";
        VpcEndpointId = $"vpce-0{random.Next():x16}";
        GatewayAddress = Internet.Aws(index, Internet.FirstElastic + account.Index * 64);
        Buckets = [.. Enumerable.Range(0, Account.BucketsPerRegion).Select(i => $"{Names.Things[(i * 3 + account.Index + index) % Names.Things.Length]}-{Names.Stages[i % 4]}-{account.Prefix}-{Name}")];
    }

    public int Index { get; }
    public string Name { get; }
    public byte[] NameBytes { get; }
    public string VpcId { get; }
    public string SubnetId { get; }
    public string SecurityGroupId { get; }
    public string FlowLogId { get; }
    public string VpcEndpointId { get; }
    /// <summary>Address of the NAT gateway: what instances without a public address are seen with.</summary>
    public uint GatewayAddress { get; }
    public IReadOnlyList<string> Buckets { get; }
}

/// <summary>An EC2 instance with one interface.</summary>
internal sealed class Instance
{
    public Instance(Region region, int number, ref SplitMix64 random)
    {
        Region = region;
        Number = number;
        Id = $"i-0{random.Next():x16}";
        InterfaceId = $"eni-0{random.Next():x16}";
        PrivateAddress = 10u << 24 | (uint)(16 + region.Index) << 16 | (uint)(number / 200) << 8 | (uint)(10 + number % 200);
        PublicAddress = number % 3 == 0 ? region.GatewayAddress + 1 + (uint)(number / 3) : null;
        IdBytes = Encoding.ASCII.GetBytes(Id);
        InterfaceBytes = Encoding.ASCII.GetBytes(InterfaceId);
    }

    public Region Region { get; }
    /// <summary>0-based within the account.</summary>
    public int Number { get; }
    public string Id { get; }
    public byte[] IdBytes { get; }
    public string InterfaceId { get; }
    public byte[] InterfaceBytes { get; }
    public uint PrivateAddress { get; }
    /// <summary>Its elastic address; null for an instance behind the region's NAT gateway.</summary>
    public uint? PublicAddress { get; }

    /// <summary>The address its calls to AWS arrive from.</summary>
    public uint HomeAddress => PublicAddress ?? Region.GatewayAddress;

    /// <summary>Instances of one in four groups reach AWS through the region's VPC endpoint most of the time.</summary>
    public bool UsesEndpoint => Number % 4 == 1;
}

/// <summary>What draws are for, so that no two uses share numbers.</summary>
internal static class Purpose
{
    public const int Organization = 1, Intel = 2, Scenario = 3, Object = 4, Name = 5, Session = 6;
    /// <summary>Background records: one purpose for each log kind and region.</summary>
    public const int Background = 16;
    public const int Planted = 256;
}
