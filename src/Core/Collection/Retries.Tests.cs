using Yagura.Core.Collection;

namespace Yagura.Tests.Core.Collection;

public sealed class RetriesTests
{
    private readonly ManualTime _time = new();
    private readonly Retries _retries;

    public RetriesTests() => _retries = new(_time);

    [Fact]
    public void An_object_under_way_is_not_begun_again()
    {
        Assert.True(_retries.Begin("a", "1"));
        Assert.False(_retries.Begin("a", "1"));
        Assert.False(_retries.Begin("a", "2")); // the next listing finds it again
        _retries.Settle("a");
        Assert.True(_retries.Begin("a", "2"));
    }

    [Fact]
    public void A_failed_object_is_tried_again_after_pauses_that_double_up_to_an_hour()
    {
        var pauses = new List<double>();
        for (var tries = 1; tries <= 14; tries++)
        {
            var failed = _time.Now;
            while (!_retries.Begin("a", "1")) _time.Now += TimeSpan.FromSeconds(1);
            pauses.Add((_time.Now - failed).TotalSeconds);
            Assert.Equal(tries < Retries.PatientTries, _retries.Fail("a", "1"));
            Assert.Equal(tries < Retries.PatientTries ? (1, 0) : (0, 1), _retries.Counts);
        }
        Assert.Equal([0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600], pauses);
    }

    [Fact]
    public void A_new_version_of_a_failed_object_is_tried_at_once()
    {
        Assert.True(_retries.Begin("a", "1"));
        _retries.Fail("a", "1");
        Assert.False(_retries.Begin("a", "1"));
        Assert.True(_retries.Begin("a", "2"));
    }

    [Fact]
    public void An_object_that_is_committed_while_the_memory_is_asked_is_not_delivered_twice()
    {
        var settled = new SettledInMemory();
        var reference = new Yagura.Core.Ports.LogObjectReference("a", 1, "1", null);
        Assert.Single(Fresh());
        Assert.Empty(Fresh());
        settled.Settle(reference);
        _retries.Settle("a");
        Assert.Empty(Fresh());
        Assert.True(_retries.Begin("a", "2"));

        IReadOnlyList<Yagura.Core.Ports.LogObjectReference> Fresh() => _retries.Fresh([reference], settled, CancellationToken.None).Result;
    }

    [Fact]
    public void What_is_not_listed_any_more_is_forgotten()
    {
        Assert.True(_retries.Begin("a", "1"));
        _retries.Fail("a", "1");
        _time.Now += TimeSpan.FromHours(3);
        _retries.Forget();
        Assert.Equal((0, 0), _retries.Counts);
    }

    [Fact]
    public void The_memory_of_failures_is_bounded()
    {
        for (var number = 0; number < Retries.MostFailing + 10; number++)
        {
            Assert.True(_retries.Begin($"{number}", null));
            _retries.Fail($"{number}", null);
        }
        Assert.Equal(Retries.MostFailing, _retries.Counts.Failing);
        Assert.True(_retries.Begin($"{Retries.MostFailing + 5}", null)); // not remembered: tried whenever it is listed
    }
}
