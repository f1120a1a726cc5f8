using Yagura.Tests;

namespace Yagura.Conformance.Tests;

/// <summary>The clients that people use with the real service work with nothing changed but the endpoint.</summary>
public sealed class ClientTests
{
    [Fact]
    public async Task Boto3_calls_every_operation_and_every_answer_is_as_the_model_says()
    {
        await using var server = await Server.Start();
        Assert.Contains("87 operations", await Script.Python(server, "operations.py", "boto3"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_botocore_signs_in_any_way_is_taken()
    {
        await using var server = await Server.Start();
        await Script.Python(server, "signing.py", "boto3");
    }

    [Fact]
    public async Task The_aws_command_line_goes_from_nothing_to_findings()
    {
        Counterpart.Require("aws");
        await using var server = await Server.Start();
        Assert.EndsWith("story told\n", await Script.Succeed(server, null, Counterpart.Require("bash"), Script.PathOf("story.sh")), StringComparison.Ordinal);
    }
}
