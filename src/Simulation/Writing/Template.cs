using System.Text;
using Yagura.Simulation.World;

namespace Yagura.Simulation.Writing;

/// <summary>Text with holes in angle brackets, cut once and filled many times.</summary>
/// <remarks><code>{"instanceId":"&lt;instance&gt;","volumeId":"vol-&lt;hex17&gt;"}</code> An unknown hole is a bug and throws when the text is cut.</remarks>
internal sealed class Template
{
    private readonly (byte[] Literal, Hole Hole)[] _pieces;

    private Template((byte[], Hole)[] pieces) => _pieces = pieces;

    private enum Hole
    {
        None, Account, Region, Key, LongKey, Created, Hex17, Uuid, Instance, Interface, Vpc, Subnet, Group, Bucket, Object, Role, User, Thing,
        Stage, Person, Number, Time, Millis, Digest, Token, Private, Public, Canonical,
    }

    public static Template Parse(string text)
    {
        var pieces = new List<(byte[], Hole)>();
        var at = 0;
        while (text.IndexOf('<', at) is var open and >= 0)
        {
            var close = text.IndexOf('>', open);
            var hole = Enum.Parse<Hole>(text[(open + 1)..close], ignoreCase: true);
            pieces.Add((Encoding.UTF8.GetBytes(text[at..open]), hole));
            at = close + 1;
        }
        pieces.Add((Encoding.UTF8.GetBytes(text[at..]), Hole.None));
        return new([.. pieces]);
    }

    public static implicit operator Template(string text) => Parse(text);

    public void Write(Utf8Buffer buffer, Scene scene)
    {
        foreach (var (literal, hole) in _pieces)
        {
            buffer.Add(literal);
            switch (hole)
            {
                case Hole.None: break;
                case Hole.Account: buffer.Add(scene.Account.IdBytes); break;
                case Hole.Region: buffer.Add(scene.Region.NameBytes); break;
                case Hole.Key: buffer.Base32(scene.SessionKey(), 8); buffer.Base32(scene.SessionKey() * 31, 8); break;
                case Hole.LongKey: buffer.Base32(scene.LongKey(), 8); buffer.Base32(scene.LongKey() * 31, 8); break;
                case Hole.Created: buffer.Iso(scene.SessionStart()); break;
                case Hole.Hex17: buffer.Add((byte)'0'); buffer.Hex(scene.Familiar(), 16); break;
                case Hole.Uuid: buffer.Uuid(ref scene.Random); break;
                case Hole.Instance: buffer.Add(scene.AnyInstance().IdBytes); break;
                case Hole.Interface: buffer.Add(scene.AnyInstance().InterfaceBytes); break;
                case Hole.Vpc: buffer.Add(scene.Region.VpcId); break;
                case Hole.Subnet: buffer.Add(scene.Region.SubnetId); break;
                case Hole.Group: buffer.Add(scene.Region.SecurityGroupId); break;
                case Hole.Bucket: buffer.Add(scene.Bucket); break;
                case Hole.Object: scene.WriteObjectKey(buffer); break;
                case Hole.Role: buffer.Add(scene.AnyRole().Name); break;
                case Hole.User: buffer.Add(scene.Account.Principals[scene.Random.Below(scene.Account.Principals.Count / 10) * 10].Name); break;
                case Hole.Thing: buffer.Add(Names.Things[scene.Random.Skewed(Names.Things.Length)]); break;
                case Hole.Stage: buffer.Add(Names.Stages[scene.Random.Skewed(Names.Stages.Length)]); break;
                case Hole.Person: buffer.Add(Names.People[scene.Random.Skewed(Names.People.Length)]); break;
                case Hole.Number: buffer.Number(1 + scene.Random.Skewed(2000)); break;
                case Hole.Time: buffer.Iso(scene.Time); break;
                case Hole.Millis: buffer.Number(scene.Time * 1000 - scene.Random.Below(60_000)); break;
                case Hole.Digest: for (var i = 0; i < 4; i++) buffer.Hex(scene.Familiar(), 16); break;
                case Hole.Token: buffer.Base64(ref scene.Random, 100); break;
                case Hole.Private: buffer.Address(scene.AnyInstance().PrivateAddress); break;
                case Hole.Public: buffer.Address(scene.Region.GatewayAddress); break;
                case Hole.Canonical: buffer.Add(scene.Account.CanonicalId); break;
                default: throw new InvalidOperationException($"nobody fills the hole {hole}");
            }
        }
    }
}

/// <summary>The place and moment a record is written for: what the holes of a template are filled with.</summary>
internal sealed class Scene(Organization organization)
{
    public SplitMix64 Random;

    public Account Account { get; private set; } = organization.Accounts[0];
    public Region Region { get; private set; } = organization.Accounts[0].Regions[0];
    public long Time { get; private set; }
    public Principal? Principal { get; set; }
    /// <summary>The bucket the record is about; drawn for the background, given for a scenario.</summary>
    public string Bucket { get; set; } = "";

    public void Set(Account account, Region region, long time, SplitMix64 random)
    {
        Account = account;
        Region = region;
        Time = time;
        Random = random;
        Principal = null;
        Bucket = region.Buckets[Random.Skewed(region.Buckets.Count)];
    }

    /// <summary>An identifier that comes back: one of 128 of this account and region.</summary>
    public ulong Familiar() => SplitMix64.At(organization.Seed, Account.Index, Region.Index, Random.Below(128), Purpose.Name).Next();

    private const int SessionSeconds = 6 * 60 * 60;

    public ulong LongKey() => SplitMix64.At(organization.Seed, Account.Index, 0, Principal?.Number ?? -1, Purpose.Session).Next();

    /// <summary>A session lasts six hours, so that a key belongs to one person or machine and comes back within a file.</summary>
    public ulong SessionKey() =>
        SplitMix64.At(organization.Seed, Account.Index, Time / SessionSeconds, Principal?.Number ?? -1, Purpose.Session).Next();

    public long SessionStart() => Time / SessionSeconds * SessionSeconds - (long)(SessionKey() % 600);

    public Instance AnyInstance() => Account.Instances[Random.Skewed(Account.Instances.Count)];

    public Principal AnyRole() => Account.Principals[Random.Below(Account.Principals.Count / 10) * 10 + 4];

    public void WriteObjectKey(Utf8Buffer buffer)
    {
        buffer.Add(Names.Things[Random.Skewed(Names.Things.Length)]);
        buffer.Add("/2026/09/part-"u8);
        buffer.Number(10_000 + Random.Below(90_000));
        buffer.Add(".parquet"u8);
    }
}
