using System.IO.Hashing;
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
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte[1, 255], Gen.Int[0, bytes.Length - 1]).Sample((at, flip, length) =>
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= flip;
            foreach (var file in new[] { damaged, bytes[..length] })
                Assert.Throws<InvalidDataException>(() => BaselineFile.Load(new MemoryStream(file)));
        }, iter: 2_000);
    }

    /// <summary>A file with one name, one amount and one habit, its hash as it should be.</summary>
    private static byte[] Forged(int newest = Today, uint feature = 0x1000_0001, ulong active = 3, ulong days = 1, int amountDay = Today, bool isLate = false, byte register = 59)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("YGB2"u8);
        writer.Write(1);
        writer.Write(7UL);
        writer.Write("a name");
        writer.Write(1);
        writer.Write(1UL);
        writer.Write(2UL);
        writer.Write(amountDay);
        writer.Write(isLate);
        writer.Write([.. Enumerable.Repeat(register, DistinctSketch.Length)]);
        writer.Write("YGP2"u8);
        writer.Write(newest);
        writer.Write(1);
        writer.Write(1UL);
        writer.Write(active);
        writer.Write((ushort)1);
        writer.Write(feature);
        writer.Write(days);
        writer.Write(XxHash3.Hash(file.ToArray()));
        return file.ToArray();
    }

    [Fact]
    public void What_nobody_could_have_learnt_is_refused()
    {
        Assert.Equal((1, 1), BaselineFile.Load(new MemoryStream(Forged())) is var known ? (known.Profiles.Count, known.Amounts.Count) : default);
        Assert.Equal(1, BaselineFile.Load(new MemoryStream(Forged(amountDay: Today - 63))).Amounts.Count);
        Assert.Equal(1, BaselineFile.Load(new MemoryStream(Forged(amountDay: Today + 1, isLate: true))).Amounts.Count);
        byte[][] forged =
        [
            Forged(newest: -1), Forged(newest: int.MinValue), Forged(newest: int.MaxValue), Forged(newest: 2_932_897, amountDay: 2_932_897),
            Forged(feature: 1), Forged(feature: 0xC000_0001), Forged(days: 0), Forged(days: 4), Forged(active: 0, days: 0), Forged(register: 60),
            Forged(amountDay: Today - 64), Forged(amountDay: Today - 64, isLate: true), Forged(amountDay: Today + 1), Forged(amountDay: int.MaxValue, isLate: true), Forged(newest: 5, amountDay: -1),
        ];
        Assert.All(forged, file => Assert.Throws<InvalidDataException>(() => BaselineFile.Load(new MemoryStream(file))));
    }

    [Fact]
    public void Amounts_of_days_that_are_not_remembered_are_not_taken_over()
    {
        var behaviour = new Behaviour();
        behaviour.Learn(Batch([(1, 1, Today, 3, 7)]), lastDay: Today + 1);
        var amounts = behaviour.Amounts.Count;
        foreach (var day in (int[])[Today - 200, Today + 2])
            behaviour.Merge(BaselineFile.Load(new MemoryStream(Forged(newest: day, amountDay: day))), lastDay: Today + 1);
        Assert.Equal(amounts, behaviour.Amounts.Count);
        behaviour.Merge(BaselineFile.Load(new MemoryStream(Forged())), lastDay: Today + 1);
        Assert.Equal(amounts + 1, behaviour.Amounts.Count);
    }

    [Fact]
    public void Days_outlive_the_habits_that_were_seen_on_them()
    {
        var (first, second) = (new Behaviour(), new Behaviour());
        void Learn(Behaviour behaviour, int day, int names) =>
            behaviour.Learn(new([], [.. Enumerable.Range(0, names).Select(name => new Habit(7, Named.Feature(Trait.Client, $"client {name} of {day}"), day))], [], 0));
        Learn(first, Today - 5, 1);
        Learn(first, Today, 2 * ProfileStore.MostOfTrait);
        Learn(second, Today - 1, 1);
        second.Merge(BaselineFile.Load(new MemoryStream(Saved(first))));
        Assert.Equal((0, 3), (second.Profiles[7].DaysOf(Named.Feature(Trait.Client, $"client 0 of {Today - 5}"), Today + 1), second.Profiles[7].ActiveDays(Today + 1)));
    }
}
