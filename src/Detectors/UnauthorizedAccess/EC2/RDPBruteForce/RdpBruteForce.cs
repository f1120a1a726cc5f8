using Yagura.Detectors.Families;

namespace Yagura.Detectors.UnauthorizedAccess.EC2;

/// <summary>Passwords are guessed over Remote Desktop, at the instance or by it.</summary>
/// <remarks>A guess is a TLS handshake and an exchange of NTLM messages, some 2,000 bytes from the client; servers without network level authentication draw a login screen of up to 100 kB first.</remarks>
public static class RdpBruteForce
{
    public static GuessedService Type { get; } = new(
        new("UnauthorizedAccess:EC2/RDPBruteForce"), "RDP", [3389], SmallestGuess: 800, LargestGuess: 20_000, SmallestSession: 200_000);
}
