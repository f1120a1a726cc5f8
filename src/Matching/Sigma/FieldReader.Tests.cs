using Yagura.Matching.Sigma;
using static Yagura.Matching.Tests.SigmaRules;

namespace Yagura.Matching.Tests;

public sealed class FieldReaderTests
{
    [Theory]
    // Texts: whole, and without regard to case.
    [InlineData(true, "s: {eventName: StopLogging}", """{"eventName":"stoplogging"}""")]
    [InlineData(false, "s: {eventName: StopLogging}", """{"eventName":"StopLogging2"}""")]
    [InlineData(false, "s: {eventName: StopLogging}", """{"eventSource":"StopLogging"}""")]
    [InlineData(false, "s: {eventName|cased: StopLogging}", """{"eventName":"stoplogging"}""")]
    [InlineData(true, "s: {eventName|cased: StopLogging}", """{"eventName":"StopLogging"}""")]
    [InlineData(true, "s: {errorCode: ''}", """{"errorCode":""}""")]
    [InlineData(false, "s: {errorCode: ''}", """{"errorCode":null}""")]
    [InlineData(true, "s: {requestParameters.name: 日本}", """{"requestParameters":{"name":"日本"}}""")]
    [InlineData(true, "s: {requestParameters.name: ÜBER}", """{"requestParameters":{"name":"über"}}""")]
    // Wildcards and their escapes.
    [InlineData(true, "s: {eventName: 'Stop*'}", """{"eventName":"StopLogging"}""")]
    [InlineData(true, "s: {eventName: '*ging'}", """{"eventName":"StopLogging"}""")]
    [InlineData(true, "s: {eventName: 'S?op*i*'}", """{"eventName":"StopLogging"}""")]
    [InlineData(false, "s: {eventName: 'Stop?Logging'}", """{"eventName":"StopLogging"}""")]
    [InlineData(true, "s: {eventName: 'a**b'}", """{"eventName":"a--b"}""")]
    [InlineData(true, @"s: {userAgent: 'a\*b'}", """{"userAgent":"a*b"}""")]
    [InlineData(false, @"s: {userAgent: 'a\*b'}", """{"userAgent":"axb"}""")]
    [InlineData(true, @"s: {userAgent: 'a\?'}", """{"userAgent":"a?"}""")]
    [InlineData(true, @"s: {userAgent: 'a\\*'}", """{"userAgent":"a\\xyz"}""")]
    [InlineData(true, @"s: {userAgent: 'a\\\*'}", """{"userAgent":"a\\*"}""")]
    [InlineData(true, @"s: {userAgent: 'C:\dir'}", """{"userAgent":"C:\\dir"}""")]
    [InlineData(true, @"s: {userAgent: 'C:\\dir'}", """{"userAgent":"C:\\dir"}""")]
    [InlineData(true, @"s: {userAgent: 'a\\\\b'}", """{"userAgent":"a\\\\b"}""")]
    [InlineData(true, @"s: {userAgent: 'end\'}", """{"userAgent":"end\\"}""")]
    [InlineData(true, "s: {errorCode: '*'}", """{"errorCode":"AccessDenied"}""")]
    [InlineData(true, "s: {errorCode|contains: '*'}", """{"errorCode":""}""")]
    [InlineData(false, "s: {errorCode: '*'}", """{"errorCode":null}""")]
    [InlineData(false, "s: {errorCode: '*'}", """{}""")]
    // Numbers and flags, whether JSON writes them as such or as texts.
    [InlineData(true, "s: {requestParameters.count: 5}", """{"requestParameters":{"count":5.0}}""")]
    [InlineData(true, "s: {requestParameters.count: 5}", """{"requestParameters":{"count":"5"}}""")]
    [InlineData(true, "s: {requestParameters.count: '5'}", """{"requestParameters":{"count":5}}""")]
    [InlineData(false, "s: {requestParameters.count: '05'}", """{"requestParameters":{"count":5}}""")]
    [InlineData(true, "s: {requestParameters.count: 0x10}", """{"requestParameters":{"count":16}}""")]
    [InlineData(true, "s: {requestParameters.count: 9007199254740993}", """{"requestParameters":{"count":9007199254740993}}""")]
    [InlineData(false, "s: {requestParameters.count: 9007199254740993}", """{"requestParameters":{"count":9007199254740992}}""")]
    [InlineData(true, "s: {recipientAccountId: 111122223333}", """{"recipientAccountId":"111122223333"}""")]
    [InlineData(true, "s: {recipientAccountId: 011122223333}", """{"recipientAccountId":"011122223333"}""")]
    [InlineData(true, "s: {readOnly: true}", """{"readOnly":true}""")]
    [InlineData(true, "s: {readOnly: true}", """{"readOnly":"True"}""")]
    [InlineData(true, "s: {readOnly: 'FALSE'}", """{"readOnly":false}""")]
    [InlineData(false, "s: {readOnly: true}", """{"readOnly":1}""")]
    // Null, and whether a field is there.
    [InlineData(true, "s: {errorCode: null}", """{}""")]
    [InlineData(true, "s: {errorCode: ~}", """{"errorCode":null}""")]
    [InlineData(false, "s: {errorCode: null}", """{"errorCode":""}""")]
    [InlineData(true, "s: {responseElements: null}", """{"responseElements":null}""")]
    [InlineData(false, "s: {responseElements: null}", """{"responseElements":{"a":1}}""")]
    [InlineData(false, "s: {errorCode|neq: null}", """{"errorCode":null}""")]
    [InlineData(true, "s: {errorCode|exists: true}", """{"errorCode":null}""")]
    [InlineData(true, "s: {errorCode|exists: false}", """{}""")]
    [InlineData(true, "s: {requestParameters|exists: true}", """{"requestParameters":{"a":{"b":1}}}""")]
    [InlineData(true, "s: {requestParameters.a|exists: true}", """{"requestParameters":{"a":{"b":1}}}""")]
    [InlineData(false, "s: {requestParameters.a|exists: true}", """{"requestParameters":{"ab":1}}""")]
    // Parts of a text.
    [InlineData(true, "s: {userAgent|contains: CLI}", """{"userAgent":"aws-cli/2.15"}""")]
    [InlineData(false, "s: {userAgent|contains|cased: CLI}", """{"userAgent":"aws-cli/2.15"}""")]
    [InlineData(true, "s: {userAgent|startswith: aws}", """{"userAgent":"aws-cli/2.15"}""")]
    [InlineData(true, "s: {userAgent|endswith: '2.15'}", """{"userAgent":"aws-cli/2.15"}""")]
    [InlineData(true, "s: {userAgent|contains: 'a?s'}", """{"userAgent":"x aws"}""")]
    [InlineData(true, "s: {userAgent|contains: [curl, wget, cli]}", """{"userAgent":"aws-cli/2.15"}""")]
    [InlineData(true, "s: {userAgent|contains|all: [aws, cli]}", """{"userAgent":"aws-cli/2.15"}""")]
    [InlineData(false, "s: {userAgent|contains|all: [aws, curl]}", """{"userAgent":"aws-cli/2.15"}""")]
    // An object is tested by what it holds.
    [InlineData(true, "s: {requestParameters|contains: Suspended}", """{"requestParameters":{"VersioningConfiguration":{"Status":"Suspended"}}}""")]
    [InlineData(true, "s: {requestParameters.policy|contains: '\"Allow\"'}", """{"requestParameters":{"policy":"{\"Effect\":\"Allow\"}"}}""")]
    [InlineData(true, "s: {requestParameters.grants|contains: AllUsers}", """{"requestParameters":{"grants":{"Grant":[{"URI":"http://acs.example/AllUsers"}]}}}""")]
    // Lists: any value, at any depth.
    [InlineData(true, "s: {requestParameters.layers|contains: '*'}", """{"requestParameters":{"layers":["arn"]}}""")]
    [InlineData(false, "s: {requestParameters.layers|contains: '*'}", """{"requestParameters":{"layers":[]}}""")]
    [InlineData(true, "s: {resources.ARN|endswith: ':b'}", """{"resources":[{"ARN":"arn:a"},{"ARN":"arn:b"}]}""")]
    [InlineData(true, "s: {requestParameters.a: 2}", """{"requestParameters":{"a":[[1],[2,[3]]]}}""")]
    // Expressions.
    [InlineData(true, "s: {userIdentity.arn|re: ':assumed-role/aws:.+'}", """{"userIdentity":{"arn":"arn:aws:sts::111122223333:assumed-role/aws:x/i-0"}}""")]
    [InlineData(false, "s: {eventName|re: '^stop'}", """{"eventName":"StopLogging"}""")]
    [InlineData(true, "s: {eventName|re|i: '^stop'}", """{"eventName":"StopLogging"}""")]
    [InlineData(true, "s: {errorMessage|re|m: '^two$'}", """{"errorMessage":"one\ntwo\nthree"}""")]
    [InlineData(false, "s: {errorMessage|re: 'one.two'}", """{"errorMessage":"one\ntwo"}""")]
    [InlineData(true, "s: {errorMessage|re|s: 'one.two'}", """{"errorMessage":"one\ntwo"}""")]
    // Networks.
    [InlineData(true, "s: {sourceIPAddress|cidr: 192.0.2.0/24}", """{"sourceIPAddress":"192.0.2.77"}""")]
    [InlineData(false, "s: {sourceIPAddress|cidr: [192.0.2.0/24, 198.51.100.0/24]}", """{"sourceIPAddress":"203.0.113.1"}""")]
    [InlineData(true, "s: {sourceIPAddress|cidr: '2001:db8::/32'}", """{"sourceIPAddress":"2001:db8:1::1"}""")]
    [InlineData(true, "s: {sourceIPAddress|cidr: '::10.0.0.0/104'}", """{"sourceIPAddress":"::a01:203"}""")]
    [InlineData(true, "s: {sourceIPAddress|cidr: '2001:db8::5efe:a00:1/128'}", """{"sourceIPAddress":"2001:db8:0:0:0:5efe:a00:1"}""")]
    [InlineData(true, "s: {requestParameters.x: 0.1234567890123456789}", """{"requestParameters":{"x":0.1234567890123456789}}""")]
    [InlineData(false, "s: {requestParameters.x: 0.1234567890123456789}", """{"requestParameters":{"x":0.123456789012345678}}""")]
    [InlineData(true, "s: {requestParameters.x: .5}", """{"requestParameters":{"x":0.50}}""")]
    [InlineData(false, "s: {sourceIPAddress|cidr: 0.0.0.0/0}", """{"sourceIPAddress":"config.amazonaws.com"}""")]
    // Numbers in an order.
    [InlineData(true, "s: {requestParameters.maxItems|gte: 100}", """{"requestParameters":{"maxItems":100}}""")]
    [InlineData(true, "s: {requestParameters.maxItems|gt: 99.5}", """{"requestParameters":{"maxItems":"100"}}""")]
    [InlineData(false, "s: {requestParameters.maxItems|lt: 100}", """{"requestParameters":{"maxItems":100}}""")]
    [InlineData(true, "s: {requestParameters.maxItems|lte: 100}", """{"requestParameters":{"maxItems":100}}""")]
    [InlineData(false, "s: {requestParameters.maxItems|lte: 100}", """{"requestParameters":{"maxItems":"few"}}""")]
    // Another field.
    [InlineData(true, "s: {userIdentity.userName|fieldref: requestParameters.userName}", """{"userIdentity":{"userName":"Alice"},"requestParameters":{"userName":"alice"}}""")]
    [InlineData(false, "s: {userIdentity.userName|fieldref|cased: requestParameters.userName}", """{"userIdentity":{"userName":"Alice"},"requestParameters":{"userName":"alice"}}""")]
    [InlineData(true, "s: {userIdentity.arn|fieldref|endswith: requestParameters.userName}", """{"userIdentity":{"arn":"arn:aws:iam::111122223333:user/alice"},"requestParameters":{"userName":"alice"}}""")]
    [InlineData(false, "s: {userIdentity.arn|fieldref|endswith: requestParameters.userName}", """{"userIdentity":{"arn":"arn:aws:iam::111122223333:user/alice"}}""")]
    [InlineData(true, "s: {userIdentity.userName|fieldref|neq: requestParameters.userName}", """{"userIdentity":{"userName":"alice"},"requestParameters":{"userName":"bob"}}""")]
    // Different from all.
    [InlineData(true, "s: {awsRegion|neq: [eu-west-1, eu-west-2]}", """{"awsRegion":"us-east-1"}""")]
    [InlineData(false, "s: {awsRegion|neq: [eu-west-1, eu-west-2]}", """{"awsRegion":"eu-west-2"}""")]
    // Base64 and its neighbours.
    [InlineData(true, "s: {requestParameters.userData|base64: hello}", """{"requestParameters":{"userData":"aGVsbG8="}}""")]
    [InlineData(true, "s: {requestParameters.userData|base64offset|contains: 'curl http'}", """{"requestParameters":{"userData":"IyEvYmluL3NoCmN1cmwgaHR0cDovL2V4YW1wbGU="}}""")]
    [InlineData(true, "s: {requestParameters.userData|base64offset|contains: 'curl http'}", """{"requestParameters":{"userData":"IGN1cmwgaHR0cDovL2V4YW1wbGU="}}""")]
    [InlineData(true, "s: {requestParameters.userData|base64offset|contains: 'curl http'}", """{"requestParameters":{"userData":"ICBjdXJsIGh0dHA6Ly9leGFtcGxl"}}""")]
    [InlineData(true, "s: {requestParameters.commands|wide|base64offset|contains: iex}", """{"requestParameters":{"commands":["powershell -enc aQBlAHgAIAAkAHgA"]}}""")]
    [InlineData(true, "s: {requestParameters.commands|windash|contains: ' -enc '}", """{"requestParameters":{"commands":["powershell /enc aQ"]}}""")]
    public void A_field_is_compared_as_its_modifiers_say(bool expected, string detection, string json) => Check(expected, detection, json);

    [Fact]
    public void Placeholders_stand_for_each_of_their_values()
    {
        var options = new SigmaOptions { Placeholders = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["admins"] = ["alice", "adm-*"] } };
        Check(true, "s: {userIdentity.userName|expand: '%admins%'}", """{"userIdentity":{"userName":"adm-bob"}}""", options: options);
        Check(false, "s: {userIdentity.userName|expand: '%admins%'}", """{"userIdentity":{"userName":"bob"}}""", options: options);
        Check(true, "s: {userIdentity.arn|expand|endswith: ':user/%admins%'}", """{"userIdentity":{"arn":"arn:aws:iam::111122223333:user/alice"}}""", options: options);
        Check(true, "s: {userIdentity.userName: '%admins%'}", """{"userIdentity":{"userName":"%admins%"}}""", options: options);
        Check(true, @"s: {userIdentity.userName|expand: '\%%admins%'}", """{"userIdentity":{"userName":"%alice"}}""", options: options);
        Assert.Equal("4:37: error: the placeholder %admin% has no value; did you mean admins?",
            string.Join('\n', Read(WithDetection("s: {userIdentity.userName|expand: '%admin%'}"), options).Problems));
    }

    [Theory]
    [InlineData("s: {evenName: x}", "4:7: error: AWS CloudTrail has no field evenName, so the rule could never fire; did you mean eventName?")]
    [InlineData("s: {arn: x}", "4:7: error: AWS CloudTrail has no field arn, so the rule could never fire; did you mean resources.ARN?")]
    [InlineData("s: {userIdentity.arn.x: y}", "has no field userIdentity.arn.x")]
    [InlineData("s: {eventName|contain: x}", "4:7: error: unknown modifier contain; did you mean contains?")]
    [InlineData("s: {eventName|contains|startswith: x}", "only one of contains, startswith and endswith can hold")]
    [InlineData("s: {eventName|re|contains: x}", "contains means nothing together with re")]
    [InlineData("s: {eventName|i: x}", "i, m and s are flags of re; write re|i")]
    [InlineData("s: {eventName|wide: x}", "the bytes of an encoding stand in no JSON as they are; add base64 or base64offset")]
    [InlineData("s: {eventTime|hour: 3}", "parts of a time (hour) cannot be compared")]
    [InlineData("s: {eventName|re: '('}", "4:21: error: no regular expression: InsufficientClosingParentheses at character 2")]
    [InlineData("s: {eventName|re: '(?=x)'}", "the expression needs backtracking")]
    [InlineData("s: {eventName|re: '((((a{1,500}){1,500}){1,500}){1,500})'}", "the expression stands for 62,500,000,")]
    [InlineData("s: {sourceIPAddress|cidr: 10.0.0.0}", "10.0.0.0 is no network; write 10.0.0.0/8 or 2001:db8::/32")]
    [InlineData("s: {sourceIPAddress|cidr: 10.0.0.0/33}", "is no network")]
    [InlineData("s: {requestParameters.a|gt: x}", "requestParameters.a|gt: expected a number")]
    [InlineData("s: {requestParameters.a|exists: 1}", "exists takes true or false")]
    [InlineData("s: {eventName|contains: null}", "null has no text to compare")]
    [InlineData("s: {eventName: []}", "eventName has no values")]
    [InlineData("s: {eventName: {a: b}}", "expected a text, number, flag or null; a field of a nested object is named by its path: a.b.c")]
    [InlineData("s: {requestParameters.a|base64: 'x*'}", "a text with wildcards has no Base64")]
    [InlineData("s: {requestParameters.a|base64offset: ab}", "base64offset needs a text of three bytes or more")]
    [InlineData("s: {requestParameters.a|windash: '-a -b -c -d -e'}", "more than 4 dashes in one text")]
    [InlineData("s: {eventName|fieldref: evenSource}", "AWS CloudTrail has no field evenSource")]
    [InlineData("s: {userAgent: \"\\uD800\"}", "error: not YAML: While scanning a quoted scalar")]
    public void A_mistake_is_named_with_its_place_and_what_would_be_right(string detection, string error) => Assert.Contains(error, Errors(detection), StringComparison.Ordinal);

    [Theory]
    [InlineData("s: {additionalEventData.MFAUsed: No}", "No is taken for a text here, and for a flag by other readers of YAML; write 'No' or false")]
    [InlineData("s: {recipientAccountId: 011122223333}", "011122223333 begins with 0 and is taken for a text; write '011122223333'")]
    [InlineData("s: {sourceIPAddress|cidr: 10.0.0.5/8}", "10.0.0.5/8 is an address with the size of its network; the network is 10.0.0.0/8")]
    [InlineData("s: {eventName|all: x}", "all means nothing for a single value")]
    [InlineData("s: {requestParameters.bucketNam: x}", "requestParameters.bucketNam is none of the parameters of AWS calls that are known here; did you mean requestParameters.bucketName?")]
    [InlineData("s: {requestParameters.quiteUnheardOf: x}", "requestParameters.quiteUnheardOf is none of the parameters of AWS calls that are known here")]
    public void What_looks_like_a_mistake_is_a_warning(string detection, string warning)
    {
        var file = Read(WithDetection(detection));
        Assert.False(file.HasErrors);
        Assert.Contains(file.Problems, problem => problem.ToString().Contains(": warning: " + warning, StringComparison.Ordinal));
    }
}
