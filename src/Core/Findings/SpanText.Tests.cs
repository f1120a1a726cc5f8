using Yagura.Core.Findings;

namespace Yagura.Core.Tests;

public sealed class SpanTextTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(60, "1 min")]
    [InlineData(2_354, "39 min 14 s")]
    [InlineData(7_200, "2 h")]
    [InlineData(7_205, "2 h")]
    [InlineData(7_260, "2 h 1 min")]
    [InlineData(273_600, "3 d 4 h")]
    public void A_length_of_time_is_said_by_its_two_largest_units(int seconds, string expected) => Assert.Equal(expected, SpanText.Of(TimeSpan.FromSeconds(seconds)));
}
