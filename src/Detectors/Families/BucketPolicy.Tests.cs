using System.Text.Json;
using CsCheck;
using Yagura.Detectors.Families;

namespace Yagura.Detectors.Tests;

public sealed class BucketPolicyTests
{
    private static PublicReach Evaluate(string policy)
    {
        using var document = JsonDocument.Parse(policy);
        return BucketPolicy.Evaluate(document.RootElement);
    }

    private static PublicReach Statement(string members) => Evaluate($$"""{"Version":"2012-10-17","Statement":[{{{members}}}]}""");

    private static Audience Open(string condition) =>
        Statement($$"""
            "Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{{condition}}
            """).Audience;

    [Theory]
    [InlineData("""
        "Principal":"*"
        """, Audience.Anyone)]
    [InlineData("""
        "Principal":{"AWS":"*"}
        """, Audience.Anyone)]
    [InlineData("""
        "Principal":{"AWS":["arn:aws:iam::111122223333:root","*"]}
        """, Audience.Anyone)]
    [InlineData("""
        "NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/mallory"}
        """, Audience.Anyone)]
    [InlineData("""
        "NotPrincipal":"*"
        """, Audience.Fixed)]
    [InlineData("""
        "Principal":{"Federated":"graph.facebook.com"}
        """, Audience.Authenticated)]
    [InlineData("""
        "Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/corp"}
        """, Audience.Fixed)]
    [InlineData("""
        "Principal":{"AWS":"arn:aws:iam::444455556666:root"}
        """, Audience.Fixed)]
    [InlineData("""
        "Principal":{"Service":"cloudtrail.amazonaws.com"}
        """, Audience.Fixed)]
    [InlineData("""
        "Principal":{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}
        """, Audience.Fixed)]
    [InlineData("""
        "Principal":{"AWS":"444455556666"}
        """, Audience.Fixed)]
    [InlineData("""
        "Sid":"a * somewhere else"
        """, Audience.Fixed)]
    public void Who_gets_in_is_read_from_the_principal(string principal, Audience expected) =>
        Assert.Equal(expected, Statement($$"""
            "Effect":"Allow",{{principal}},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"
            """).Audience);

    [Theory]
    // A fixed set of addresses, networks, accounts, organisations.
    [InlineData("""{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}""")]
    [InlineData("""{"IpAddress":{"AWS:SOURCEIP":["203.0.113.7","198.51.100.0/24","2001:db8::/32"]}}""")]
    [InlineData("""{"StringEquals":{"aws:SourceVpc":"vpc-0a1b2c3d"}}""")]
    [InlineData("""{"StringEquals":{"aws:sourceVpce":["vpce-1","vpce-2"]},"Bool":{"aws:SecureTransport":"true"}}""")]
    [InlineData("""{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}""")]
    [InlineData("""{"StringEquals":{"aws:PrincipalAccount":"444455556666"}}""")]
    [InlineData("""{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/r-ab12/*"}}""")]
    [InlineData("""{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/*"}}""")]
    [InlineData("""{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:*"}}""")]
    [InlineData("""{"ArnEquals":{"aws:SourceArn":"arn:aws:cloudfront::444455556666:distribution/E1"}}""")]
    [InlineData("""{"StringEquals":{"aws:SourceAccount":"444455556666"}}""")]
    [InlineData("""{"ArnLike":{"s3:DataAccessPointArn":"arn:aws:s3:eu-west-1:444455556666:accesspoint/*"}}""")]
    [InlineData("""{"StringEquals":{"s3:DataAccessPointAccount":"444455556666"}}""")]
    [InlineData("""{"StringLike":{"aws:userid":"AROAEXAMPLEID:*"}}""")]
    [InlineData("""{"Bool":{"aws:PrincipalIsAWSService":"true"}}""")]
    // A star is no wildcard to StringEquals: this matches nobody.
    [InlineData("""{"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}}""")]
    // Holds when absent, but may not be absent.
    [InlineData("""{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"},"Null":{"aws:principalorgid":"false"}}""")]
    public void A_fixed_value_closes_the_statement(string condition) => Assert.Equal(Audience.Fixed, Open(condition));

    [Theory]
    [InlineData("""{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}""")]
    [InlineData("""{"IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}}""")]
    [InlineData("""{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","::/0"]}}""")]
    [InlineData("""{"IpAddress":{"aws:SourceIp":"16.0.0.0/7"}}""")]
    [InlineData("""{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}""")]
    [InlineData("""{"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/16"}}""")]
    [InlineData("""{"StringLike":{"aws:SourceVpc":"vpc-*"}}""")]
    [InlineData("""{"StringEqualsIfExists":{"aws:SourceVpce":"vpce-1"}}""")]
    [InlineData("""{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}""")]
    [InlineData("""{"StringNotEquals":{"aws:PrincipalAccount":"444455556666"}}""")]
    [InlineData("""{"Null":{"aws:SourceVpce":"false"}}""")]
    [InlineData("""{"Null":{"aws:PrincipalArn":"true"}}""")]
    [InlineData("""{"Bool":{"aws:SecureTransport":"true"}}""")]
    [InlineData("""{"StringLike":{"aws:Referer":"https://shop.example/*"}}""")]
    [InlineData("""{"StringEquals":{"aws:PrincipalType":["Anonymous","User"]}}""")]
    [InlineData("""{"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}""")]
    [InlineData("""{"StringEquals":{"aws:SourceVpc":"${aws:SourceVpc}"}}""")]
    [InlineData("{}")]
    public void Anything_else_leaves_it_open_to_anyone(string condition) => Assert.Equal(Audience.Anyone, Open(condition));

    [Theory]
    [InlineData("""{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::*"}}""")]
    [InlineData("""{"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::444455556666:role/x","arn:aws:iam::*:role/x"]}}""")]
    [InlineData("""{"Null":{"aws:PrincipalAccount":"false"}}""")]
    [InlineData("""{"StringNotEquals":{"aws:PrincipalType":"Anonymous"}}""")]
    [InlineData("""{"StringEquals":{"aws:PrincipalType":["User","AssumedRole"]}}""")]
    [InlineData("""{"StringEquals":{"aws:PrincipalTag/team":"data"}}""")]
    [InlineData("""{"StringLike":{"aws:PrincipalAccount":"4444*"}}""")]
    [InlineData("""{"StringEquals":{"s3:signatureversion":"AWS4-HMAC-SHA256"}}""")]
    public void A_condition_that_only_asks_for_credentials_leaves_it_open_to_every_account(string condition) =>
        Assert.Equal(Audience.Authenticated, Open(condition));

    [Theory]
    [InlineData("""
        "Action":"s3:GetObject"
        """, BucketAccess.Read)]
    [InlineData("""
        "Action":["s3:List*","S3:getObject*"]
        """, BucketAccess.Read)]
    [InlineData("""
        "Action":"s3:PutObject"
        """, BucketAccess.Write)]
    [InlineData("""
        "Action":"s3:*Object"
        """, BucketAccess.Read | BucketAccess.Write)]
    [InlineData("""
        "Action":"*"
        """, BucketAccess.Read | BucketAccess.Write)]
    [InlineData("""
        "NotAction":"s3:DeleteBucket"
        """, BucketAccess.Read | BucketAccess.Write)]
    [InlineData("""
        "Action":"sqs:SendMessage"
        """, BucketAccess.None)]
    public void What_they_may_do_is_read_from_the_actions(string action, BucketAccess expected) =>
        Assert.Equal(expected, Statement($$"""
            "Effect":"Allow","Principal":"*",{{action}},"Resource":"*"
            """).Anyone);

    [Fact]
    public void A_denial_opens_nothing_and_closes_nothing()
    {
        Assert.Equal(Audience.Fixed, Statement("""
            "Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"
            """).Audience);
        var both = Evaluate("""
            {"Statement":[
              {"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"},
              {"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}
            """);
        Assert.Equal(Audience.Anyone, both.Audience);
    }

    [Fact]
    public void Several_statements_add_up_and_one_may_stand_without_an_array()
    {
        var several = Evaluate("""
            {"Statement":[
              {"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:*","Resource":"*"},
              {"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"},
              {"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"*","Condition":{"Null":{"aws:PrincipalArn":false}}}]}
            """);
        Assert.Equal(new PublicReach(BucketAccess.Read, BucketAccess.Read | BucketAccess.Write), several);
        Assert.Equal(Audience.Anyone, Evaluate("""{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}}""").Audience);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"*\"")]
    [InlineData("""{"Statement":"*"}""")]
    [InlineData("""{"Statement":[1,null,"*",{"Effect":1,"Principal":"*"}]}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Principal":["*"],"Action":{"s3":"*"}}}""")]
    [InlineData("""{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:\ud800"}}""")]
    public void A_policy_that_is_none_shows_nothing(string policy) => Assert.Equal(default, Evaluate(policy));

    [Fact]
    public void No_policy_makes_it_throw()
    {
        var piece = Gen.OneOf(
            "Statement", "Effect", "Allow", "Principal", "NotPrincipal", "AWS", "Federated", "*", "Action", "NotAction", "s3:Get*", "Condition", "Null",
            "ForAllValues:StringLikeIfExists", "IpAddress", "ForAnyValue:", "IfExists", "aws:SourceIp", "aws:PrincipalArn", "::/0", "1.2.3.4/x", "/", ":", "", "\\ud800", "false");
        var value = Gen.Recursive<string>((depth, self) => depth > 5
            ? piece.Select(p => $"\"{p}\"")
            : Gen.OneOf(
                piece.Select(p => $"\"{p}\""), Gen.OneOf("1", "true", "null", "-0.1e9"),
                self.Array[0, 4].Select(items => $"[{string.Join(',', items)}]"),
                Gen.Select(piece, self).Array[0, 5].Select(members => $"{{{string.Join(',', members.Select(m => $"\"{m.Item1}\":{m.Item2}"))}}}")));
        value.Array[1, 3].Select(statements => $"{{\"Statement\":[{string.Join(',', statements)}]}}").Sample(policy => Evaluate(policy), iter: 2_000);
    }
}
