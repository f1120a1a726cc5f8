using System.Security.Cryptography;
using System.Text;

namespace Yagura.Api.Signing;

/// <summary>Where and when a signature holds.</summary>
/// <param name="Date"><c>yyyyMMdd</c></param>
internal sealed record CredentialScope(string Date, string Region, string Service)
{
    public const string Terminator = "aws4_request";

    public override string ToString() => $"{Date}/{Region}/{Service}/{Terminator}";

    /// <summary>The key that signs within the scope, derived from a secret.</summary>
    /// <remarks>Source: IAM user guide, "Create a signed AWS API request", step 3.</remarks>
    public byte[] SigningKey(string secret)
    {
        var key = Hmac(Encoding.UTF8.GetBytes("AWS4" + secret), Date);
        key = Hmac(key, Region);
        key = Hmac(key, Service);
        return Hmac(key, Terminator);
    }

    public static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
