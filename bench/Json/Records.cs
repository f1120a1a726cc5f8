using System.Globalization;
using System.Text;

namespace Yagura.Bench.Json;

/// <summary>A delivery file with events of three common shapes; identifiers, times and principals vary by SplitMix64.</summary>
internal static class Records
{
    public static byte[] Make(int bytes, out int events)
    {
        var text = new StringBuilder(bytes + 4096).Append("{\"Records\":[");
        ulong state = 42;
        for (events = 0; text.Length < bytes; events++)
        {
            if (events > 0) text.Append(',');
            ulong a = Next(ref state), b = Next(ref state);
            var time = DateTimeOffset.UnixEpoch.AddSeconds(1_769_900_000 + events / 20).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            var role = $"\"userIdentity\":{{\"type\":\"AssumedRole\",\"principalId\":\"AROA{a % 5000:D16}:worker-{b % 90}\",\"arn\":\"arn:aws:sts::111122223333:assumed-role/role-{a % 5000}/worker-{b % 90}\",\"accountId\":\"111122223333\",\"accessKeyId\":\"ASIA{b % 1_000_000_000:D16}\",\"sessionContext\":{{\"sessionIssuer\":{{\"type\":\"Role\",\"principalId\":\"AROA{a % 5000:D16}\",\"arn\":\"arn:aws:iam::111122223333:role/role-{a % 5000}\",\"accountId\":\"111122223333\",\"userName\":\"role-{a % 5000}\"}},\"webIdFederationData\":{{}},\"attributes\":{{\"creationDate\":\"{time}\",\"mfaAuthenticated\":\"false\"}}}}}}";
            var address = $"198.51.100.{a % 256}";
            var tail = $"\"requestID\":\"{a:x8}-0000-4000-8000-{b & 0xFFFFFFFFFFFF:x12}\",\"eventID\":\"{b:x8}-0000-4000-8000-{a & 0xFFFFFFFFFFFF:x12}\"";
            var tls = "\"tlsDetails\":{\"tlsVersion\":\"TLSv1.3\",\"cipherSuite\":\"TLS_AES_128_GCM_SHA256\",\"clientProvidedHostHeader\":\"ec2.us-east-1.amazonaws.com\"}";
            text.Append((events % 3) switch
            {
                0 => $"{{\"eventVersion\":\"1.08\",{role},\"eventTime\":\"{time}\",\"eventSource\":\"ec2.amazonaws.com\",\"eventName\":\"DescribeInstances\",\"awsRegion\":\"us-east-1\",\"sourceIPAddress\":\"{address}\",\"userAgent\":\"aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.173.0\",\"requestParameters\":{{\"maxResults\":1000,\"instancesSet\":{{}},\"filterSet\":{{\"items\":[{{\"name\":\"instance-state-name\",\"valueSet\":{{\"items\":[{{\"value\":\"running\"}},{{\"value\":\"pending\"}}]}}}}]}}}},\"responseElements\":null,{tail},\"readOnly\":true,\"eventType\":\"AwsApiCall\",\"managementEvent\":true,\"recipientAccountId\":\"111122223333\",\"eventCategory\":\"Management\",{tls}}}",
                1 => $"{{\"eventVersion\":\"1.09\",{role},\"eventTime\":\"{time}\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"GetObject\",\"awsRegion\":\"us-east-1\",\"sourceIPAddress\":\"{address}\",\"userAgent\":\"[aws-cli/2.17.9 md/awscrt#0.20.11 exec-env/EC2]\",\"requestParameters\":{{\"bucketName\":\"bucket-{a % 40}\",\"Host\":\"bucket-{a % 40}.s3.us-east-1.amazonaws.com\",\"key\":\"data/2026/{b % 100000}.parquet\"}},\"responseElements\":null,\"additionalEventData\":{{\"SignatureVersion\":\"SigV4\",\"CipherSuite\":\"TLS_AES_128_GCM_SHA256\",\"bytesTransferredIn\":0,\"AuthenticationMethod\":\"AuthHeader\",\"bytesTransferredOut\":{b % 1_000_000}}},{tail},\"readOnly\":true,\"resources\":[{{\"type\":\"AWS::S3::Object\",\"ARN\":\"arn:aws:s3:::bucket-{a % 40}/data/2026/{b % 100000}.parquet\"}},{{\"accountId\":\"111122223333\",\"type\":\"AWS::S3::Bucket\",\"ARN\":\"arn:aws:s3:::bucket-{a % 40}\"}}],\"eventType\":\"AwsApiCall\",\"managementEvent\":false,\"recipientAccountId\":\"111122223333\",\"eventCategory\":\"Data\"}}",
                _ => $"{{\"eventVersion\":\"1.08\",\"userIdentity\":{{\"type\":\"IAMUser\",\"principalId\":\"AIDA{a % 300:D16}\",\"arn\":\"arn:aws:iam::111122223333:user/user-{a % 300}\",\"accountId\":\"111122223333\",\"accessKeyId\":\"AKIA{a % 300:D16}\",\"userName\":\"user-{a % 300}\"}},\"eventTime\":\"{time}\",\"eventSource\":\"iam.amazonaws.com\",\"eventName\":\"PutRolePolicy\",\"awsRegion\":\"us-east-1\",\"sourceIPAddress\":\"{address}\",\"userAgent\":\"APN/1.0 HashiCorp/1.0 Terraform/1.5.1 (+https://www.terraform.example)\",\"errorCode\":\"AccessDenied\",\"errorMessage\":\"User: arn:aws:iam::111122223333:user/user-{a % 300} is not authorized to perform: iam:PutRolePolicy\",\"requestParameters\":{{\"roleName\":\"role-{a % 5000}\",\"policyName\":\"p\",\"policyDocument\":\"{{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{{\\\"Action\\\":[\\\"s3:GetObject\\\"],\\\"Effect\\\":\\\"Allow\\\",\\\"Resource\\\":[\\\"arn:aws:s3:::bucket-{a % 40}/*\\\"]}}]}}\"}},\"responseElements\":null,{tail},\"readOnly\":false,\"eventType\":\"AwsApiCall\",\"managementEvent\":true,\"recipientAccountId\":\"111122223333\",\"eventCategory\":\"Management\",{tls}}}",
            });
        }
        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }

    private static ulong Next(ref ulong state)
    {
        ulong z = state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
