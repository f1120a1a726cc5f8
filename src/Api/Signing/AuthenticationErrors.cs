using Yagura.Api.Wire;

namespace Yagura.Api.Signing;

/// <summary>How AWS refuses those whom it does not know.</summary>
/// <remarks>Source: IAM user guide, "Troubleshoot Signature Version 4 signing for AWS API requests".</remarks>
internal static class AuthenticationErrors
{
    public static AwsException Missing() => new(403, "MissingAuthenticationTokenException", "Missing Authentication Token");

    public static AwsException Incomplete(string message) => new(403, "IncompleteSignatureException", message);

    public static AwsException Invalid(string message) => new(403, "InvalidSignatureException", message);

    public static AwsException Mismatch() => Invalid(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.");

    public static AwsException UnknownKey() => new(403, "UnrecognizedClientException", "The security token included in the request is invalid.");

    public static AwsException ExpiredKey() => new(403, "ExpiredTokenException", "The security token included in the request is expired");
}
