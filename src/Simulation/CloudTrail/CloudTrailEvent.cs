using System.Text;
using Yagura.Simulation.Writing;

namespace Yagura.Simulation.CloudTrail;

/// <summary>What one CloudTrail record says, apart from what its scene says (who, where, when).</summary>
/// <remarks>One object is filled anew for every background record. Field order is that of real delivery files.
/// Source: AWS CloudTrail user guide, "CloudTrail record contents".</remarks>
internal sealed class CloudTrailEvent
{
    private static readonly Template Null = "null";

    public Template Identity { get; set; } = Null;
    public byte[] Source { get; set; } = [];
    public byte[] Name { get; set; } = [];
    /// <summary>Address, or the name of the AWS service that called.</summary>
    public byte[] Address { get; set; } = [];
    public byte[] UserAgent { get; set; } = [];
    public byte[]? ErrorCode { get; set; }
    public Template? ErrorMessage { get; set; }
    public Template? Request { get; set; }
    public Template? Response { get; set; }
    public Template? Additional { get; set; }
    public Template? Resources { get; set; }
    public bool ReadOnly { get; set; }
    /// <summary>An S3 object-level call.</summary>
    public bool IsData { get; set; }
    public byte[] Type { get; set; } = ApiCallType;
    /// <summary>The VPC endpoint the call went through; null for none.</summary>
    public string? VpcEndpointId { get; set; }
    public string? VpcEndpointAccountId { get; set; }
    public bool HasTls { get; set; }

    public static readonly byte[] ApiCallType = "AwsApiCall"u8.ToArray();
    public static readonly byte[] ServiceEventType = "AwsServiceEvent"u8.ToArray();

    public void Write(Utf8Buffer buffer, Scene scene)
    {
        buffer.Add("{\"eventVersion\":\"1.11\",\"userIdentity\":"u8);
        Identity.Write(buffer, scene);
        buffer.Add(",\"eventTime\":\""u8);
        buffer.Iso(scene.Time);
        buffer.Add("\",\"eventSource\":\""u8);
        buffer.Add(Source);
        buffer.Add("\",\"eventName\":\""u8);
        buffer.Add(Name);
        buffer.Add("\",\"awsRegion\":\""u8);
        buffer.Add(scene.Region.NameBytes);
        buffer.Add("\",\"sourceIPAddress\":\""u8);
        buffer.Add(Address);
        buffer.Add("\",\"userAgent\":\""u8);
        buffer.Add(UserAgent);
        if (ErrorCode is not null)
        {
            buffer.Add("\",\"errorCode\":\""u8);
            buffer.Add(ErrorCode);
            buffer.Add("\",\"errorMessage\":\""u8);
            ErrorMessage?.Write(buffer, scene);
        }
        buffer.Add("\",\"requestParameters\":"u8);
        (Request ?? Null).Write(buffer, scene);
        buffer.Add(",\"responseElements\":"u8);
        (ErrorCode is null ? Response ?? Null : Null).Write(buffer, scene);
        if (Additional is not null)
        {
            buffer.Add(",\"additionalEventData\":"u8);
            Additional.Write(buffer, scene);
        }
        buffer.Add(",\"requestID\":\""u8);
        if (IsData) buffer.Base32(scene.Random.Next(), 12);
        else buffer.Uuid(ref scene.Random);
        buffer.Add("\",\"eventID\":\""u8);
        buffer.Uuid(ref scene.Random);
        buffer.Add("\",\"readOnly\":"u8);
        buffer.Add(ReadOnly ? "true"u8 : "false"u8);
        if (Resources is not null)
        {
            buffer.Add(",\"resources\":"u8);
            Resources.Write(buffer, scene);
        }
        buffer.Add(",\"eventType\":\""u8);
        buffer.Add(Type);
        buffer.Add(IsData ? "\",\"managementEvent\":false,\"recipientAccountId\":\""u8 : "\",\"managementEvent\":true,\"recipientAccountId\":\""u8);
        buffer.Add(scene.Account.IdBytes);
        if (VpcEndpointId is not null)
        {
            buffer.Add("\",\"vpcEndpointId\":\""u8);
            buffer.Add(VpcEndpointId);
            buffer.Add("\",\"vpcEndpointAccountId\":\""u8);
            buffer.Add(VpcEndpointAccountId!);
        }
        buffer.Add(IsData ? "\",\"eventCategory\":\"Data\""u8 : "\",\"eventCategory\":\"Management\""u8);
        if (HasTls)
        {
            buffer.Add(",\"tlsDetails\":{\"tlsVersion\":\"TLSv1.3\",\"cipherSuite\":\"TLS_AES_128_GCM_SHA256\",\"clientProvidedHostHeader\":\""u8);
            if (IsData)
            {
                buffer.Add(scene.Bucket);
                buffer.Add((byte)'.');
            }
            var host = Source.AsSpan(0, Source.AsSpan().IndexOf((byte)'.'));
            buffer.Add(host);
            buffer.Add((byte)'.');
            buffer.Add(scene.Region.NameBytes);
            buffer.Add(".amazonaws.com\"}"u8);
        }
        buffer.Add((byte)'}');
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
