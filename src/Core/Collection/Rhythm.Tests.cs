using CsCheck;
using Yagura.Core.Collection;

namespace Yagura.Tests.Core.Collection;

public sealed class RhythmTests
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    private static Rhythm Of(IEnumerable<TimeSpan> pauses) => pauses.Aggregate(Rhythm.None, (rhythm, pause) => rhythm.With(pause));

    private static IEnumerable<TimeSpan> Days(int days, params (TimeSpan Pause, int Times)[] each) =>
        Enumerable.Repeat(each, days).SelectMany(day => day.SelectMany(part => Enumerable.Repeat(part.Pause, part.Times)));

    private static void AssertAbout(TimeSpan expected, TimeSpan? actual) => Assert.InRange(actual!.Value / expected, 1.0, 1.2);

    [Fact]
    public void A_stream_that_comes_every_five_minutes_is_known_by_that() => AssertAbout(FiveMinutes, Of(Days(3, (FiveMinutes, 288))).LongestUsual);

    [Fact]
    public void A_stream_that_sleeps_every_night_may_sleep() =>
        AssertAbout(TimeSpan.FromHours(10), Of(Days(14, (FiveMinutes, 168), (TimeSpan.FromHours(10), 1))).LongestUsual);

    [Fact]
    public void One_outage_is_no_habit() =>
        AssertAbout(FiveMinutes, Of([.. Days(10, (FiveMinutes, 288)), TimeSpan.FromHours(6), .. Days(4, (FiveMinutes, 288))]).LongestUsual);

    [Fact]
    public void Little_is_not_enough()
    {
        Assert.Null(Rhythm.None.LongestUsual);
        Assert.Null(Of(Days(1, (FiveMinutes, 288))).LongestUsual);
        Assert.Null(Of(Enumerable.Repeat(TimeSpan.FromDays(1), 19)).LongestUsual);
    }

    [Fact]
    public void A_habit_that_ended_is_forgotten() =>
        AssertAbout(FiveMinutes, Of([.. Days(28, (TimeSpan.FromHours(6), 4)), .. Days(150, (FiveMinutes, 288))]).LongestUsual);

    [Fact]
    public void Objects_that_come_together_or_late_are_no_pause() => Assert.Equal(0, Of([TimeSpan.Zero, TimeSpan.FromHours(-3)]).Pauses);

    [Fact]
    public void What_is_written_is_read_again_and_anything_else_is_nothing()
    {
        Gen.Long[0, TimeSpan.TicksPerDay].List[0, 50].Sample(pauses =>
        {
            var rhythm = Of(pauses.Select(TimeSpan.FromTicks));
            var again = Rhythm.FromBytes(rhythm.ToBytes());
            Assert.Equal((rhythm.Pauses, rhythm.Span, rhythm.LongestUsual), (again.Pauses, again.Span, again.LongestUsual));
        });
        Gen.Byte.Array[Rhythm.Bytes].Sample(bytes => Assert.True(Rhythm.FromBytes(bytes).Pauses >= 0));
        Assert.Equal(0, Rhythm.FromBytes([1, 2, 3]).Pauses);
    }
}
