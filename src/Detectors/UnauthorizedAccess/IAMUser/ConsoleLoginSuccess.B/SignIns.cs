using System.Text.Json.Serialization;
using Yagura.Core;

namespace Yagura.Detectors.UnauthorizedAccess.IAMUser;

/// <summary>The sign-ins of one person in two days.</summary>
public sealed class SignIns : IMergeable<SignIns>
{
    /// <summary>Sign-ins kept; of more a sample. No person needs as many, and a program that does is in one place.</summary>
    public const int Most = 64;

    public SignIns() => Sample = new(Most);

    [JsonConstructor]
    public SignIns(Sample<SignIn> sample) => Sample = sample;

    public Sample<SignIn> Sample { get; }

    [JsonIgnore]
    public IReadOnlyList<SignIn> All => Sample.Things;

    public void Add(SignIn signIn) => Sample.Add(signIn);

    public void Merge(SignIns other) => Sample.Merge(other.Sample);
}

/// <param name="About">What would be said of it, if it were found; without a reason.</param>
public sealed record SignIn(IpAddress Address, Detection About, Evidence Record) : ISampled<SignIn>
{
    [JsonIgnore]
    public ulong Number => (ulong)Record.Identity;

    public static IComparer<SignIn> ByTime { get; } = Comparer<SignIn>.Create((one, other) => Evidence.ByTime.Compare(one.Record, other.Record));

    public SignIn Joined(SignIn other) => other.Record.IsNamedBefore(Record) ? other : this;
}
