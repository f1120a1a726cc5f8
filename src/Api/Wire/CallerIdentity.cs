using System.Security;
using System.Text;
using Microsoft.AspNetCore.Http;
using Yagura.Api.Signing;

namespace Yagura.Api.Wire;

/// <summary>The one operation of STS that clients such as Terraform call before any other: who am I?</summary>
/// <remarks>In AWS's query protocol, a form in and XML out. Source: AWS STS API reference, "GetCallerIdentity".</remarks>
internal static class CallerIdentity
{
    private const string Namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

    public static async Task Answer(HttpResponse response, RequestHead head, Caller caller, string requestId, CancellationToken cancel)
    {
        var form = head with { Query = Encoding.UTF8.GetString(caller.Body.Span) };
        var action = head.Path == "/" ? form.Parameter("Action") ?? head.Parameter("Action") : null;
        var xml = action == "GetCallerIdentity"
            ? $"""
            <GetCallerIdentityResponse xmlns="{Namespace}">
              <GetCallerIdentityResult><Arn>{Text(caller.Key.Arn)}</Arn><UserId>{Text(caller.Key.Id)}</UserId><Account>{caller.Key.Account}</Account></GetCallerIdentityResult>
              <ResponseMetadata><RequestId>{requestId}</RequestId></ResponseMetadata>
            </GetCallerIdentityResponse>
            """
            : $"""
            <ErrorResponse xmlns="{Namespace}">
              <Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Only GetCallerIdentity is answered here.</Message></Error>
              <RequestId>{requestId}</RequestId>
            </ErrorResponse>
            """;
        response.StatusCode = action == "GetCallerIdentity" ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        response.ContentType = "text/xml";
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(xml), cancel);
    }

    private static string Text(string text) => SecurityElement.Escape(text);
}
