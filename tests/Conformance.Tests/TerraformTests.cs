using Yagura.Api.Tests;

namespace Yagura.Conformance.Tests;

/// <summary>Terraform with the AWS provider, its endpoint set to ours.</summary>
public sealed class TerraformTests
{
    /// <summary>A folder that holds the provider as <c>terraform init -plugin-dir</c> takes it; without it, Terraform fetches the provider itself.</summary>
    private const string Plugins = "YAGURA_TERRAFORM_PLUGINS";

    [Fact]
    public async Task Terraform_applies_has_nothing_more_to_do_changes_and_destroys()
    {
        var terraform = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "terraform")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(terraform is null, "terraform is not on the PATH");
        await using var server = await Server.Start();
        using var folder = new TemporaryFolder();
        File.Copy(Script.PathOf("terraform/main.tf"), Path.Combine(folder.Path, "main.tf"));

        string[] init = Environment.GetEnvironmentVariable(Plugins) is { Length: > 0 } plugins ? ["init", $"-plugin-dir={plugins}"] : ["init"];
        var (status, said) = await Script.Run(server, folder.Path, terraform, init);
        Assert.SkipWhen(status != 0, $"terraform finds no AWS provider ({Plugins} may name a folder that holds it): {said}");

        var wish = (string[])["-no-color", "-input=false", $"-var=endpoint={server.Endpoint}", $"-var=list={server.Environment()["LIST"]}", "-var=destination=arn:aws:s3:::findings"];
        foreach (var changed in (string[])["-var=changed=false", "-var=changed=true"])
        {
            await Script.Succeed(server, folder.Path, terraform, ["apply", "-auto-approve", changed, .. wish]);
            var (rest, plan) = await Script.Run(server, folder.Path, terraform, ["plan", "-detailed-exitcode", changed, .. wish]);
            Assert.True(rest == 0, plan); // 2 where something is left to be done
        }
        await Script.Succeed(server, folder.Path, terraform, ["destroy", "-auto-approve", "-var=changed=true", .. wish]);
    }
}
