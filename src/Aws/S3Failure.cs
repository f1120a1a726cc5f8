using System.Net;
using Amazon.S3;
using Amazon.SecurityToken;
using Yagura.Aws.Connections;

namespace Yagura.Aws;

/// <summary>What went wrong with S3, in words that say what to do about it.</summary>
internal static class S3Failure
{
    public static string Explain(Exception error) => error switch
    {
        CredentialsMissingException => error.Message,
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } => "the bucket does not exist",
        AmazonS3Exception { ErrorCode: "NoSuchKey" } => "the object is gone since it was listed",
        AmazonS3Exception { StatusCode: HttpStatusCode.PreconditionFailed } => "the object was overwritten since it was listed",
        AmazonS3Exception { ErrorCode: "InvalidObjectState" } => "the object is archived and must be restored before it can be read",
        AmazonSecurityTokenServiceException sts => $"the role cannot be assumed ({sts.ErrorCode})",
        AmazonS3Exception { ErrorCode: "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "ExpiredToken" } s3 =>
            $"the AWS credentials are not valid ({s3.ErrorCode})",
        AmazonS3Exception { ErrorCode: "PermanentRedirect" or "AuthorizationHeaderMalformed" } => "the bucket is in another region; set AWS_REGION to it",
        AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden } =>
            "access is denied; needed are s3:ListBucket on the bucket, s3:GetObject on the objects, and kms:Decrypt where a key of yours encrypts them",
        AmazonS3Exception { StatusCode: >= HttpStatusCode.BadRequest } s3 => $"S3 answered {(int)s3.StatusCode} ({s3.StatusCode})",
        HttpRequestException or IOException or TimeoutException or OperationCanceledException => "S3 cannot be reached, or does not answer in time",
        _ => "the request or its answer does not make sense to the AWS SDK",
    };
}
