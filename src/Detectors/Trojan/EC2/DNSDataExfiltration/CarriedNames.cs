using System.Text.Json.Serialization;
using Yagura.Detectors.Families;

namespace Yagura.Detectors.Trojan.EC2;

/// <summary>The names below one registered domain that look encoded, as one instance asked for them in one window.</summary>
/// <remarks>State: 40 bytes for each of at most <see cref="MostNames"/> names, the text of <see cref="MostTexts"/> of them, and a finding's own.</remarks>
public sealed class CarriedNames : IMergeable<CarriedNames>
{
    /// <summary>Names told apart; beyond it a sample stands for all, with a standard error of 6 %.</summary>
    public const int MostNames = 256;

    /// <summary>Names whose text is kept, to tell what is new in each.</summary>
    public const int MostTexts = 32;

    private const int ExactOccurrences = 1_024;

    public CarriedNames() => (Names, Texts, Seen) = (new(MostNames), new(MostTexts), new(ExactOccurrences));

    [JsonConstructor]
    public CarriedNames(Sample<CarriedName> names, Sample<CarriedText> texts, FirstQuery? first, FindingState seen) =>
        (Names, Texts, First, Seen) = (names, texts, first, seen);

    public Sample<CarriedName> Names { get; }
    public Sample<CarriedText> Texts { get; }
    public FirstQuery? First { get; set; }

    /// <summary>The queries for these names.</summary>
    public FindingState Seen { get; }

    public void Merge(CarriedNames other)
    {
        Names.Merge(other.Names);
        Texts.Merge(other.Texts);
        First = FirstQuery.Earlier(First, other.First);
        Seen.Merge(other.Seen);
    }
}

/// <summary>One name.</summary>
/// <param name="First">When it was first asked for, in ticks of UTC.</param>
/// <param name="Last">When it was last asked for.</param>
/// <param name="Length">Characters that look encoded.</param>
public readonly record struct CarriedName(ulong Number, long First, long Last, int Length) : ISampled<CarriedName>
{
    public CarriedName Joined(CarriedName other) => this with { First = Math.Min(First, other.First), Last = Math.Max(Last, other.Last) };
}

/// <param name="Text">What of the name looks encoded, in lower case and without dots.</param>
public sealed record CarriedText(ulong Number, string Text) : ISampled<CarriedText>
{
    public CarriedText Joined(CarriedText other) => this;
}
