using Yagura.Detectors;
using Yagura.Engine.Ingestion;
using Yagura.Engine.Reading;
using Yagura.Intel;
using Yagura.Tests;

namespace Yagura.Engine.Tests;

/// <summary>What the README's first command finds.</summary>
public sealed class ShippedSamplesTests
{
    [Fact]
    public async Task The_shipped_samples_show_six_kinds_of_attack()
    {
        var samples = Repository.Path("samples");
        var knowledge = Knowledge.Nothing with
        {
            Intel = IntelFolder.Load(Path.Combine(samples, "intel")).Snapshot,
            Inventory = Inventory.Parse(File.ReadAllBytes(Path.Combine(samples, "inventory.json"))),
        };
        var options = new ScanOptions(knowledge, new ReadingOptions(null, null, null), _ => false, "test", null, Readers: 2);
        var report = await Scan.Run([new LocalObjects([Path.Combine(samples, "AWSLogs")])], options, null, TimeProvider.System, CancellationToken.None);
        Assert.Equal(
            [
                "1 Policy:S3/BucketAnonymousAccessGranted", "1 Stealth:IAMUser/CloudTrailLoggingDisabled", "2 Policy:S3/BucketAnonymousAccessGranted",
                "2 Stealth:IAMUser/CloudTrailLoggingDisabled", "3 Backdoor:EC2/C&CActivity.B",
                "3 UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS", "4 CryptoCurrency:EC2/BitcoinTool.B!DNS",
                "4 UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS", "5 Recon:IAMUser/TorIPCaller", "8 Backdoor:EC2/C&CActivity.B",
            ],
            report.Findings.Select(f => $"{f.Service.Count} {f.Type}").Order(StringComparer.Ordinal));
        Assert.Empty(report.Failures);
    }
}
