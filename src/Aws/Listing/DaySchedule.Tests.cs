using Yagura.Aws.Listing;

namespace Yagura.Aws.Tests.Listing;

public sealed class DayScheduleTests
{
    private static DateTimeOffset At(int day, int hour, int minute = 0) => new(2026, 11, day, hour, minute, 0, TimeSpan.Zero);

    private static string Days(DaySchedule schedule, DateTimeOffset now) => string.Join(' ', schedule.Due(now).Select(day => day.Day));

    [Fact]
    public void The_overlap_is_listed_every_hour_and_the_present_day_always()
    {
        var schedule = new DaySchedule(since: null, overlap: 2);
        Assert.Equal("25 24 23", Days(schedule, At(25, 12)));
        schedule.Done(At(25, 12), schedule.Due(At(25, 12)));
        Assert.Equal("25", Days(schedule, At(25, 12, 59)));
        schedule.Done(At(25, 12, 59), schedule.Due(At(25, 12, 59)));
        Assert.Equal("25 24 23", Days(schedule, At(25, 13)));
    }

    [Fact]
    public void A_listing_that_failed_does_not_count()
    {
        var schedule = new DaySchedule(since: null, overlap: 1);
        Assert.Equal("25 24", Days(schedule, At(25, 12)));
        Assert.Equal("25 24", Days(schedule, At(25, 12, 1)));
    }

    [Fact]
    public void Around_midnight_both_days_are_the_present_one()
    {
        var schedule = new DaySchedule(since: null, overlap: 0);
        Assert.Equal("26 25", Days(schedule, At(25, 23, 30)));
        Assert.Equal("26 25", Days(schedule, At(26, 0, 30)));
        Assert.Equal("26", Days(schedule, At(26, 2)));
    }

    [Fact]
    public void Older_days_are_listed_once()
    {
        var schedule = new DaySchedule(new DateOnly(2026, 11, 20), overlap: 1);
        Assert.Equal("25 24 23 22 21 20", Days(schedule, At(25, 12)));
        schedule.Done(At(25, 12), schedule.Due(At(25, 12)));
        Assert.Equal("25 24", Days(schedule, At(25, 14)));
    }

    [Fact]
    public void A_day_to_begin_with_that_is_yet_to_come_changes_nothing() =>
        Assert.Equal("25 24", Days(new DaySchedule(new DateOnly(2026, 12, 20), overlap: 1), At(25, 12)));
}
