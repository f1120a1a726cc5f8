using Yagura.Detectors.Families;

namespace Yagura.Detectors.Impact.EC2;

/// <summary>Passwords are guessed over Windows Remote Management, at the instance or by it.</summary>
/// <remarks>A guess is one HTTP request with basic authentication, or three with NTLM. A remote command takes dozens of requests.</remarks>
public static class WinRmBruteForce
{
    public static GuessedService Type { get; } = new(
        new("Impact:EC2/WinRMBruteForce"), "WinRM", [5985, 5986], SmallestGuess: 500, LargestGuess: 6_000, SmallestSession: 20_000);
}
