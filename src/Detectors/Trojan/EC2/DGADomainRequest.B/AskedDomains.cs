using System.Text.Json.Serialization;
using Yagura.Detectors.Families;

namespace Yagura.Detectors.Trojan.EC2;

/// <summary>The registered domains that one instance asked for in vain in one window, and those that look made.</summary>
/// <remarks>State: 40 bytes for each of at most <see cref="MostFailed"/> domains, and <see cref="MostTelling"/> records twice.</remarks>
public sealed class AskedDomains : IMergeable<AskedDomains>
{
    /// <summary>Domains that were asked for in vain, told apart; beyond it a sample stands for all.</summary>
    public const int MostFailed = 512;

    /// <summary>Records kept of domains that look made: those that look it most.</summary>
    public const int MostTelling = FindingState.MostEvidence;

    private const int ExactOccurrences = 1_024;

    public AskedDomains() => (Failed, Telling, Answered, Occurrences) = (new(MostFailed), new(MostTelling), new(MostTelling), new(ExactOccurrences));

    [JsonConstructor]
    public AskedDomains(Sample<AskedDomain> failed, Sample<TellingDomain> telling, Sample<TellingDomain> answered, Occurrences occurrences, FirstQuery? first) =>
        (Failed, Telling, Answered, Occurrences, First) = (failed, telling, answered, occurrences, first);

    public Sample<AskedDomain> Failed { get; }

    /// <summary>Of the failed ones.</summary>
    public Sample<TellingDomain> Telling { get; }

    /// <summary>Domains that look made and were answered: one of them may be where the operator listens.</summary>
    public Sample<TellingDomain> Answered { get; }

    /// <summary>The queries in vain for domains that look made.</summary>
    public Occurrences Occurrences { get; }

    public FirstQuery? First { get; set; }

    public void Merge(AskedDomains other)
    {
        Failed.Merge(other.Failed);
        Telling.Merge(other.Telling);
        Answered.Merge(other.Answered);
        Occurrences.Merge(other.Occurrences);
        First = FirstQuery.Earlier(First, other.First);
    }
}

/// <summary>One registered domain.</summary>
/// <param name="First">When it was first asked for, in ticks of UTC.</param>
/// <param name="Last">When it was last asked for.</param>
/// <param name="Made">Bits by which its label rather is made than chosen, in sixteenths; from <see cref="WeightOf"/>.</param>
/// <param name="Length">Characters of the label.</param>
public readonly record struct AskedDomain(ulong Number, long First, long Last, short Made, short Length) : ISampled<AskedDomain>
{
    public const int Unit = 16;

    /// <summary>No single name weighs more, in bits: what is odd about one is odd for its own reasons. And no name that a person chose takes more away, so that computed names are
    /// found between as many others.</summary>
    public const int MostMade = 8, MostChosen = 4;

    public static short WeightOf(double made) => (short)Math.Clamp(Math.Round(made * Unit), -MostChosen * Unit, MostMade * Unit);

    public AskedDomain Joined(AskedDomain other) => this with { First = Math.Min(First, other.First), Last = Math.Max(Last, other.Last) };
}

/// <summary>A domain that looks made, with the earliest query for it.</summary>
/// <param name="Number">The less, the more it looks made: a sample keeps those that tell most.</param>
public sealed record TellingDomain(ulong Number, string Name, string Domain, Evidence Record) : ISampled<TellingDomain>
{
    private const int MostMade = 0xFFFF;

    public static ulong NumberOf(double made, ulong domain) => (MostMade - (ulong)Math.Clamp(made * AskedDomain.Unit, 0, MostMade)) << 48 | domain >> 16;

    public TellingDomain Joined(TellingDomain other)
    {
        var order = Evidence.ByTime.Compare(Record, other.Record);
        return order < 0 || (order == 0 && Record.IsNamedBefore(other.Record)) ? this : other;
    }
}
