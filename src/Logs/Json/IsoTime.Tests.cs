using System.Globalization;
using System.Text;
using CsCheck;
using Yagura.Logs.Json;

namespace Yagura.Logs.Tests;

public sealed class IsoTimeTests
{
    private static string? Parse(string text) =>
        IsoTime.TryParse(Encoding.UTF8.GetBytes(text), out var time) ? time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture) : null;

    [Theory]
    [InlineData("2026-02-01T09:30:00Z", "2026-02-01T09:30:00+00:00")]
    [InlineData("2026-02-01T09:30:00.5Z", "2026-02-01T09:30:00.5+00:00")]
    [InlineData("2026-02-01T09:30:00.123456789Z", "2026-02-01T09:30:00.1234567+00:00")]
    [InlineData("2022-02-08 09:23:37+11:00", "2022-02-07T22:23:37+00:00")]
    [InlineData("2026-02-01T00:30:00-0130", "2026-02-01T02:00:00+00:00")]
    [InlineData("2026-02-01T09:30:00+09", "2026-02-01T00:30:00+00:00")]
    [InlineData("2025-01-21 17:49:47.000000000", "2025-01-21T17:49:47+00:00")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00+00:00")]
    [InlineData("2026-02-29T00:00:00Z", null)]
    [InlineData("2026-13-01T00:00:00Z", null)]
    [InlineData("2026-02-01T24:00:00Z", null)]
    [InlineData("2026-02-01T09:30:00.Z", null)]
    [InlineData("2026-02-01T09:30:00+25:00", null)]
    [InlineData("2026-02-01T09:30:00Zx", null)]
    [InlineData("2026-02-01T09:30", null)]
    [InlineData("0000-01-01T00:00:00Z", null)]
    [InlineData("0001-01-01T00:00:00+01:00", null)]
    [InlineData("2026-02-01X09:30:00Z", null)]
    [InlineData("20a6-02-01T09:30:00Z", null)]
    [InlineData("yesterday", null)]
    public void A_time_is_read_into_UTC_or_refused(string text, string? time) => Assert.Equal(time, Parse(text));

    [Fact]
    public void What_the_library_writes_is_read_back() => Gen.DateTimeOffset.Sample(time =>
        IsoTime.TryParse(Encoding.UTF8.GetBytes(time.ToString("O", CultureInfo.InvariantCulture)), out var read) && read == time && read.Offset == TimeSpan.Zero);

    [Fact]
    public void Any_bytes_are_read_or_refused() => Gen.OneOf(Gen.Char["0123456789-:T.+Z "].Select(c => (byte)c), Gen.Byte).Array[0, 40].Sample(bytes => { IsoTime.TryParse(bytes, out _); });
}
