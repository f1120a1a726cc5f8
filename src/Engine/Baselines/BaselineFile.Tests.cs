using CsCheck;
using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Engine.Baselines;

namespace Yagura.Engine.Tests;

public sealed class BaselineFileTests
{
    private const int Today = 20_000;

    private static readonly Gen<(int Principal, int Api, int Day, int Hour, ulong Id)> AnyCall = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[Today - 40, Today], Gen.Int[0, 23], Gen.ULong[0, 5_000]);

    private static Act ActOf((int Principal, int Api, int Day, int Hour, ulong Id) call)
    {
        var actor = new Actor("111122223333", $"arn:aws:iam::111122223333:user/u{call.Principal}", "IAMUser");
        var api = new Api("ec2.amazonaws.com", new[] { "DescribeInstances", "DeleteFlowLogs", "RunInstances", "CreateSnapshot", "GetPasswordData" }[call.Api], IsData: false);
        var caller = new AccessKeyDetails(null, null, $"u{call.Principal}", "IAMUser");
        var context = new CallContext(actor, caller, new Place("203.0.113.7", IpAddress.None, "203.0.0.0/16", ""), new Client("aws-cli", "aws-cli"), "eu-west-1");
        var time = new DateTimeOffset(DateTime.UnixEpoch.AddDays(call.Day).AddHours(call.Hour), TimeSpan.Zero);
        return new Act((UInt128)(uint)(call.Principal * 1_000_000 + call.Api * 100_000 + call.Day), context, api, "", "", "", call.Day, call.Day, new CallRecord(time, call.Id, "o", (long)call.Id, Guid.Empty, $"r{call.Id}"));
    }

    private static ActBatch Batch(IEnumerable<(int, int, int, int, ulong)> calls)
    {
        var acts = calls.Select(ActOf).ToList();
        return new(acts, [.. acts.SelectMany(act => new[] { new Habit(act.Actor.Self, act.Api.Feature, act.Day), new Habit(act.Actor.AccountSubject, act.Api.Feature, act.Day) })],
            [.. acts.Select(act => new KeyValuePair<ulong, string>(act.Actor.Self, $"{act.Actor.Account} {act.Actor.Principal}"))], 0);
    }

    private static byte[] Saved(Behaviour behaviour)
    {
        using var file = new MemoryStream();
        BaselineFile.Save(behaviour, file);
        return file.ToArray();
    }

    private static string Told(Behaviour behaviour) => string.Join('\n', Entities.Of(behaviour).Select(entity => $"{entity.Principal} {entity.Days} {entity.Since} {string.Join(',', entity.Values.Select(value => $"{value.Value} {value.Days}"))}"));

    /// <summary>What a finding would be made of: the acts that may be told, with their counts and records.</summary>
    private static string Kept(Behaviour behaviour) => string.Join('\n', behaviour.Unusual().OrderBy(act => act.Key)
        .Select(act => $"{act.Key} {act.Calls:0.00} {act.Context.Caller} {string.Join(',', act.Records.Select(record => $"{record.Time:O} {record.Identity}"))}"));

    [Fact]
    public void Order_cuts_and_repeats_of_what_is_learnt_make_no_difference() => Gen.Select(AnyCall.Array[1, 120], Gen.Int).Sample((calls, seed) =>
    {
        var once = new Behaviour();
        once.Learn(Batch(calls));
        once.Settle();
        var shuffled = calls.Concat(calls.Take(calls.Length / 2)).ToArray();
        new Random(seed).Shuffle(shuffled);
        var other = new Behaviour();
        foreach (var some in shuffled.Chunk(7)) other.Learn(Batch(some));
        other.Settle();
        Assert.Equal(Told(once), Told(other));
        Assert.Equal(Kept(once), Kept(other));
    }, iter: 100);

    [Fact]
    public void What_was_saved_is_loaded_and_two_halves_make_the_whole() => Gen.Select(AnyCall.Array[1, 120], Gen.Int[0, 120]).Sample((calls, cut) =>
    {
        cut = Math.Min(cut, calls.Length);
        var whole = new Behaviour();
        whole.Learn(Batch(calls));
        Assert.Equal(Told(whole), Told(BaselineFile.Load(new MemoryStream(Saved(whole)))));
        var (first, second) = (new Behaviour(), new Behaviour());
        first.Learn(Batch(calls[..cut]));
        second.Learn(Batch(calls[cut..]));
        first.Merge(BaselineFile.Load(new MemoryStream(Saved(second))));
        Assert.Equal(Told(whole), Told(first));
    }, iter: 100);

    [Fact]
    public void A_record_from_the_future_ends_nothing_that_is_remembered()
    {
        var behaviour = new Behaviour();
        behaviour.Learn(Batch([(1, 1, Today, 3, 7), (1, 1, Today - 1, 3, 8)]), lastDay: Today + 1);
        var told = Told(behaviour);
        behaviour.Learn(Batch([(1, 1, Today + 5_000, 3, 9)]), lastDay: Today + 1);
        Assert.Equal(told, Told(behaviour));
        Assert.Equal(1, behaviour.Refused);
        var future = new Behaviour();
        future.Learn(Batch([(1, 1, Today + 5_000, 3, 9)]));
        behaviour.Merge(future, lastDay: Today + 1);
        Assert.Equal(told, Told(behaviour));
    }

    [Fact]
    public void What_is_older_than_is_remembered_takes_no_room()
    {
        var behaviour = new Behaviour();
        behaviour.Learn(Batch([(1, 1, Today - 70, 3, 7), (1, 1, Today - 10, 3, 8)]));
        behaviour.Settle();
        Assert.Equal((2, 2), (behaviour.Acts.Count, behaviour.Amounts.Count));
        behaviour.Learn(Batch([(1, 1, Today, 3, 9)]));
        behaviour.Settle();
        Assert.Equal((2, 2), (behaviour.Acts.Count, behaviour.Amounts.Count));
        Assert.All(behaviour.Unusual(), act => Assert.InRange(act.Day, Today - 10, Today));
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        var behaviour = new Behaviour();
        behaviour.Learn(Batch([(1, 1, Today, 3, 7), (2, 0, Today - 1, 9, 8)]));
        var bytes = Saved(behaviour);
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte, Gen.Int[0, bytes.Length]).Sample((at, value, length) =>
        {
            byte[] damaged = [.. bytes];
            damaged[at] = value;
            foreach (var file in new[] { damaged, bytes[..length] })
            {
                try
                {
                    BaselineFile.Load(new MemoryStream(file));
                }
                catch (InvalidDataException)
                {
                    continue;
                }
            }
        }, iter: 2_000);
        Assert.Throws<InvalidDataException>(() => BaselineFile.Load(new MemoryStream(bytes[..^1])));
        bytes[^20] ^= 1;
        Assert.Throws<InvalidDataException>(() => BaselineFile.Load(new MemoryStream(bytes)));
    }
}
