using Yagura.Detectors.Families;

namespace Yagura.Detectors.UnauthorizedAccess.EC2;

/// <summary>Passwords or keys are guessed over SSH, at the instance or by it.</summary>
/// <remarks>Measured on recorded guessing by several tools: a guess sends 1,800 to 2,900 bytes, six keys in a row up to 5,700; a banner is read with 80 to 250.</remarks>
public static class SshBruteForce
{
    public static GuessedService Type { get; } = new(
        new("UnauthorizedAccess:EC2/SSHBruteForce"), "SSH", [22], SmallestGuess: 500, LargestGuess: 6_000, SmallestSession: 10_000);
}
