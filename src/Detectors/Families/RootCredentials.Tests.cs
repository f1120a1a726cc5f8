using static Yagura.Detectors.Tests.ApiCalls;

namespace Yagura.Detectors.Tests;

public sealed class RootCredentialsTests
{
    private const string Root = """ "type":"Root","principalId":"111122223333","arn":"arn:aws:iam::111122223333:root","accountId":"111122223333" """;

    private static string[] Found(string identity, string other = "") => [.. Detect(Catalog.ApiCalls[2], Event(
        "s3", "ListBuckets", "null", $$"""{"userIdentity":{{{identity}}}{{other}}}""")).Select(d => d.Type.Name)];

    [Fact]
    public void Root_with_a_password_or_key_is_one_type_and_a_session_opened_for_a_task_another()
    {
        Assert.Equal(["Policy:IAMUser/RootCredentialUsage"], Found(Root));
        Assert.Equal(["Policy:IAMUser/RootCredentialUsage"], Found(Root + """, "sessionContext":{"attributes":{"mfaAuthenticated":"true"}}"""));
        Assert.Equal(["Policy:IAMUser/ShortTermRootCredentialUsage"], Found(Root + """, "sessionContext":{"attributes":{"mfaAuthenticated":"false"},"assumedRoot":"true"}"""));
        Assert.Equal(["Policy:IAMUser/RootCredentialUsage"], Found(Root, """, "errorCode":"AccessDenied" """));
        Assert.Equal(["Policy:IAMUser/RootCredentialUsage"], Found(Root, """, "managementEvent":false, "eventCategory":"Data" """));
    }

    [Theory]
    [InlineData("PasswordRecoveryRequested", "", false)]
    [InlineData("CheckMfa", "", false)]
    [InlineData("PasswordRecoveryCompleted", "", true)]
    [InlineData("PasswordRecoveryCompleted", """, "errorMessage":"Failed" """, false)]
    [InlineData("ConsoleLogin", "", true)]
    public void What_comes_before_a_sign_in_is_no_use_of_the_credentials(string name, string other, bool expected) =>
        Assert.Equal(expected, Found(Root, $$""", "eventSource":"signin.amazonaws.com", "eventType":"AwsConsoleSignIn", "eventName":"{{name}}"{{other}}""").Length == 1);

    [Fact]
    public void A_service_acting_for_the_account_is_quiet_and_so_is_a_wrong_password()
    {
        Assert.Empty(Found(Root + """, "invokedBy":"backup.amazonaws.com" """));
        Assert.Empty(Found(Root, """, "eventType":"AwsServiceEvent" """));
        Assert.Empty(Found(Root, """, "eventSource":"signin.amazonaws.com", "eventName":"ConsoleLogin", "errorMessage":"Failed authentication" """));
        Assert.Empty(Found(""" "type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/Root/root" """));
    }
}
