using System.Text;
using CsCheck;
using Yagura.Bench.Names;
using Yagura.Tests;

namespace Yagura.Intel.Tests;

public sealed class LabelModelTests
{
    [Theory]
    [InlineData("wikipedia")]
    [InlineData("garden-market")]
    [InlineData("nationalbank")]
    [InlineData("newspaper")]
    [InlineData("hotelparis")]
    public void What_a_person_chose_is_not_made(string label) => Assert.True(LabelModel.Made(Encoding.UTF8.GetBytes(label)) < 0);

    [Theory]
    [InlineData("xkqvbzjwptrm")]
    [InlineData("5f0c9a71be33d204")]
    [InlineData("q7zj2xw9kd4mvb8t")]
    [InlineData("nuvoqixekuwy")]
    [InlineData("q+Z78nwKCFN/KiVKt6y82B74")]
    public void What_a_program_made_is(string label) => Assert.True(LabelModel.Made(Encoding.UTF8.GetBytes(label)) > 4);

    [Fact]
    public void Letter_case_and_dots_make_no_difference_and_any_bytes_are_fine()
    {
        Assert.Equal(LabelModel.Made("xkqvbz.jwptrm"u8), LabelModel.Made("XKQVBZJWPTRM"u8));
        Assert.Equal(0, LabelModel.Made("..."u8));
        Gen.Byte.Array[0, 2_000].Sample(label => Assert.True(double.IsFinite(LabelModel.Made(label))));
    }

    [Fact]
    public void Asking_allocates_nothing() => Assert.Equal(0, Allocations.Of(() =>
    {
        for (var i = 0; i < 1_000; i++) LabelModel.Made("internal-balancer-1234567890"u8);
    }));

    [Fact]
    public void The_model_that_ships_is_what_the_trainer_makes_of_its_lists()
    {
        var domains = LabelModelTrainer.Registered(new[] { "top", "random" }.SelectMany(kind =>
            Encoding.UTF8.GetString(RealLogs.Read($"intel/benign-{kind}-domains-opendns.txt.gz")).Split('\n')));
        using var stream = typeof(LabelModel).Assembly.GetManifestResourceStream("Yagura.Intel.label-model.bin")!;
        var shipped = new byte[stream.Length];
        stream.ReadExactly(shipped);
        Assert.Equal(LabelModelTrainer.Train(domains), shipped);
    }
}
