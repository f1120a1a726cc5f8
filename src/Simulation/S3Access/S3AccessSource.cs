using System.Globalization;
using Yagura.Simulation.Scenarios;
using Yagura.Simulation.World;
using Yagura.Simulation.Writing;

namespace Yagura.Simulation.S3Access;

/// <summary>S3 server access log objects, plain text, in the date-partitioned layout.</summary>
internal sealed class S3AccessSource(Organization organization) : LogSource(organization)
{
    private static readonly (byte[] Operation, byte[] Verb)[] Operations =
    [
        ("REST.GET.OBJECT"u8.ToArray(), "GET"u8.ToArray()), ("REST.GET.OBJECT"u8.ToArray(), "GET"u8.ToArray()), ("REST.PUT.OBJECT"u8.ToArray(), "PUT"u8.ToArray()),
        ("REST.HEAD.OBJECT"u8.ToArray(), "HEAD"u8.ToArray()), ("REST.GET.BUCKET"u8.ToArray(), "GET"u8.ToArray()),
    ];

    private readonly Utf8Buffer _key = new();

    public override int MeanBytes => 662;

    public override string PathOf(Account account, Region region, long time, ref SplitMix64 random) =>
        $"S3AccessLogs/{account.Id}/{region.Name}/{region.Buckets[0]}/{Day(time)}/{DateTimeOffset.FromUnixTimeSeconds(time):yyyy-MM-dd-HH-mm-ss}-{random.Next():X16}";

    public override void Background(Utf8Buffer buffer, Scene scene)
    {
        ref var random = ref scene.Random;
        scene.Bucket = scene.Region.Buckets[0]; // one log, one bucket
        var (operation, verb) = Operations[random.Below(Operations.Length)];
        var principal = scene.AnyRole();
        var failed = random.Percent(8);
        var whole = operation.AsSpan().EndsWith("BUCKET"u8);
        _key.Clear();
        scene.WriteObjectKey(_key);

        buffer.Add(scene.Account.CanonicalId);
        buffer.Add((byte)' ');
        buffer.Add(scene.Bucket);
        buffer.Add(" ["u8);
        buffer.Add(DateTimeOffset.FromUnixTimeSeconds(scene.Time).ToString("dd'/'MMM'/'yyyy':'HH':'mm':'ss '+0000'", CultureInfo.InvariantCulture));
        buffer.Add("] "u8);
        buffer.Address(Internet.Office(scene.Account.Index, principal.Desk));
        buffer.Add(" arn:aws:sts::"u8);
        buffer.Add(scene.Account.IdBytes);
        buffer.Add(":assumed-role/"u8);
        buffer.Add(principal.Name);
        buffer.Add("/pipeline "u8);
        buffer.Base32(random.Next(), 12);
        buffer.Base32(random.Next(), 4);
        buffer.Add((byte)' ');
        buffer.Add(operation);
        buffer.Add((byte)' ');
        if (whole) buffer.Add((byte)'-');
        else buffer.Add(_key.Written);
        buffer.Add(" \""u8);
        buffer.Add(verb);
        buffer.Add(" /"u8);
        if (!whole) buffer.Add(_key.Written);
        buffer.Add(" HTTP/1.1\" "u8);
        buffer.Add(failed ? "404 NoSuchKey "u8 : "200 - "u8);
        buffer.Number(200 + random.Skewed(100_000));
        buffer.Add(" - "u8);
        buffer.Number(5 + random.Skewed(300));
        buffer.Add(" 4 \"-\" \""u8);
        buffer.Add(CloudTrail.UserAgents.Of(principal));
        buffer.Add("\" - "u8);
        buffer.Base64(ref random, 76);
        buffer.Add(" SigV4 TLS_AES_128_GCM_SHA256 AuthHeader "u8);
        buffer.Add(scene.Bucket);
        buffer.Add(".s3."u8);
        buffer.Add(scene.Region.NameBytes);
        buffer.Add(".amazonaws.com TLSv1.3 - -"u8);
    }

    public override void Planted(Utf8Buffer buffer, Scene scene, Act act) =>
        throw new NotSupportedException("scenarios tell S3 calls as data events of CloudTrail");

    /// <summary>Cut off within the time, so that nothing after it can be told.</summary>
    public override void Corrupt(Utf8Buffer buffer, int start) => buffer.CutTo(start + buffer.From(start).IndexOf((byte)'[') + 10);
}
