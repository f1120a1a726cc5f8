using Yagura.Cli.Commands;
using Yagura.Cli.Output;

namespace Yagura.Cli.Tests;

public sealed class HostileTextTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("a,\"b\"", "\"a,\"\"b\"\"\"")]
    [InlineData("\e[2Jgone", "\uFFFD[2Jgone")]
    [InlineData("\u202Etxt.exe\r\nx", "\uFFFDtxt.exe\uFFFD\uFFFDx")]
    [InlineData("＝HYPERLINK()", "'＝HYPERLINK()")]
    public void A_cell_is_neither_a_formula_nor_an_escape(string text, string cell) => Assert.Equal(cell, FindingFormats.Cell(text));

    [Theory]
    [InlineData("short", "short")]
    [InlineData("1234567890", "1234567890")]
    [InlineData("12345678901", "123456789…")]
    [InlineData("12345678\U0001F600xxx", "12345678…")]
    public void A_long_text_is_cut_between_characters(string text, string cut) => Assert.Equal(cut, Terminal.Cut(text, 10));

    [Theory]
    [InlineData("2026-11-23", true)]
    [InlineData("2026-11-23T04:05", true)]
    [InlineData("2026-11-23T04:05:06Z", true)]
    [InlineData("2026-11-23T04:05:06+09:00", true)]
    [InlineData("23.11.2026", false)]
    [InlineData("11/12/2026", false)]
    [InlineData("04:05", false)]
    public void A_time_has_one_of_two_shapes(string text, bool taken)
    {
        var errors = ScanCommand.Create().Parse(["logs", "--since", text]).Errors;
        if (taken) Assert.Empty(errors);
        else Assert.Contains("2026-11-23T04:05:06Z", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_settings_file_may_begin_with_a_byte_order_mark()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [.. "\uFEFF"u8, .. "{}"u8]);
            Assert.Equal("{}"u8.ToArray(), Files.Read(path));
            Assert.Equal("{}", Files.ReadText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
