using Yagura.Api.Signing;

namespace Yagura.Api.Tests;

/// <summary>The examples that AWS gives to those who sign. Source: the Signature Version 4 test suite.</summary>
public sealed class CanonicalRequestTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", Timestamp = "20150830T123600Z";

    [Theory]
    [InlineData("/", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("/", "Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("/example/..", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("//", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    public void Signatures_are_those_of_the_suite(string path, string query, string signature)
    {
        var head = new RequestHead("GET", path, query, [new("Host", "example.amazonaws.com"), new("X-Amz-Date", Timestamp)], true);
        var scope = new CredentialScope("20150830", "us-east-1", "service");
        var canonical = CanonicalRequest.Write(head, ["host", "x-amz-date"], SignedRequest.Hash([]));
        Assert.Equal(signature, CanonicalRequest.Hex(CredentialScope.Hmac(scope.SigningKey(Secret), CanonicalRequest.StringToSign(Timestamp, scope, canonical))));
    }
}
