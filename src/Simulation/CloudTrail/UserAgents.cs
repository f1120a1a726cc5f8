using Yagura.Simulation.World;

namespace Yagura.Simulation.CloudTrail;

/// <summary>What ordinary callers call themselves.</summary>
internal static class UserAgents
{
    public static readonly byte[][] People = Bytes(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36",
        "AWS Internal",
        "aws-cli/2.28.11 md/awscrt#0.27.4 ua/2.1 os/macos#24.6.0 md/arch#arm64 lang/python#3.13.5 md/pyimpl#CPython m/b,E,Z cfg/retry-mode#standard md/prompt#off md/command#ec2.describe-instances");

    private static readonly byte[][] Users = Bytes(
        "aws-cli/2.27.50 md/awscrt#0.26.1 ua/2.1 os/linux#6.8.0-1031-aws md/arch#x86_64 lang/python#3.13.4 md/pyimpl#CPython md/distrib#ubuntu.24 m/E,b cfg/retry-mode#standard md/prompt#off",
        "Boto3/1.39.17 md/Botocore#1.39.17 ua/2.1 os/linux#6.1.141 md/arch#x86_64 lang/python#3.12.11 md/pyimpl#CPython m/Z,b,e cfg/retry-mode#legacy Botocore/1.39.17",
        "aws-sdk-java/2.31.77 md/io#sync md/http#Apache ua/2.1 api/S3#2.31.x os/Linux#5.10.238 lang/java#17.0.15 md/OpenJDK_64-Bit_Server_VM#17.0.15+6-LTS md/vendor#Amazon.com_Inc. md/en_US m/E");

    private static readonly byte[][] Pipelines = Bytes(
        "APN/1.0 HashiCorp/1.0 Terraform/1.12.2 (+https://www.terraform.io) terraform-provider-aws/6.5.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.36.6 ua/2.1 os/linux lang/go#1.24.4 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.231.0 m/g",
        "aws-sdk-js/3.848.0 ua/2.1 os/linux#6.8.0 lang/js md/nodejs#22.17.0 api/cloudformation#3.848.0 m/E,e CDK/2.1021.0",
        "cloudformation.amazonaws.com");

    private static readonly byte[][] Machines = Bytes(
        "aws-sdk-go-v2/1.36.5 ua/2.1 os/linux lang/go#1.24.2 md/GOOS#linux md/GOARCH#arm64 api/secretsmanager#1.35.7 m/g",
        "aws-sdk-dotnet-coreclr/4.0.0.16 ua/2.1 os/linux#5.10.238 md/ARCH#X64 lang/.NET_Core#8.0.18 md/aws-sdk-dotnet-core#4.0.0.20 api/S3#4.0.6.2 cfg/retry-mode#standard md/ClientAsync cfg/init-coll#0",
        "aws-sdk-go/1.55.5 (go1.23.10; linux; amd64) amazon-ssm-agent/3.3.859.0");

    public static byte[] Of(Principal principal) => (principal.Kind switch
    {
        PrincipalKind.User => Users,
        PrincipalKind.Person => People,
        PrincipalKind.Pipeline => Pipelines,
        _ => Machines,
    })[principal.Agent];

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(CloudTrailEvent.Bytes)];
}
