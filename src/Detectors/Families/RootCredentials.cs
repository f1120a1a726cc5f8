using Yagura.Core.Findings;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>The root user of an account acts, with its own credentials or in a session that the organisation opened for a task.</summary>
/// <remarks>A call that an AWS service made for the account carries the root identity too, but nobody used root's credentials for it.
/// Source of the session's mark: AWS CloudTrail user guide, "userIdentity element", <c>sessionContext.assumedRoot</c>.</remarks>
/// <param name="longTerm">The type for root's password or access key.</param>
/// <param name="shortTerm">The type for a session made by <c>sts:AssumeRoot</c>.</param>
public sealed class RootCredentials(TypeBinding longTerm, TypeBinding shortTerm) : Detector<ApiCall>
{
    public override IReadOnlyList<TypeBinding> Types { get; } = [longTerm, shortTerm];

    public override void Detect(ApiCall call, Knowledge knowledge, IDetections found)
    {
        if (!call[ApiField.UserType].SequenceEqual("Root"u8) || knowledge.Benign.IsService(call[ApiField.InvokedBy])
            || call[ApiField.EventType].SequenceEqual("AwsServiceEvent"u8) || IsNoSignIn(call))
        {
            return;
        }
        var session = call[ApiField.AssumedRootSession].SequenceEqual("true"u8);
        var why = session
            ? $"{Utf8.Text(call.Name)} was called in a root session opened by sts:AssumeRoot"
            : $"{Utf8.Text(call.Name)} was called with the credentials of the root user";
        found.Add(ApiCallFacts.AboutCaller(call, (session ? shortTerm : longTerm).Type, Severity.Low, knowledge, why));
    }

    // Whoever guesses at the password, asks for a new one or is asked for a second factor has not used the credentials: all three come before
    // the sign-in. A refused one has a message but no error code. A recovery that was completed has made a new credential, and counts.
    private static bool IsNoSignIn(ApiCall call) =>
        call.Source.SequenceEqual("signin.amazonaws.com"u8)
        && (!call[ApiField.ErrorMessage].IsEmpty || call.Name.SequenceEqual("PasswordRecoveryRequested"u8) || call.Name.SequenceEqual("CheckMfa"u8));
}
