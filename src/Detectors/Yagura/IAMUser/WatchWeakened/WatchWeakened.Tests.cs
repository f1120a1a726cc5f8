using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Detectors.Yagura.IAMUser;

namespace Yagura.Detectors.Tests;

public sealed class WatchWeakenedTests
{
    [Theory]
    [InlineData("DeleteDetector", "{}", Severity.High, "the detector was deleted, and nothing is watched any more")]
    [InlineData("UpdateDetector", """{"enable":false}""", Severity.High, "the detector was switched off, and nothing is watched any more")]
    [InlineData("UpdateDetector", """{"enable":true,"features":[{"name":"S3_DATA_EVENTS","status":"DISABLED"},{"name":"RDS_LOGIN_EVENTS","status":"ENABLED"}]}""", Severity.Medium, "the watch over sources was switched off: S3_DATA_EVENTS")]
    [InlineData("UpdateDetector", """{"dataSources":{"s3Logs":{"enable":false},"kubernetes":{"auditLogs":{"enable":false}}}}""", Severity.Medium, "the watch over sources was switched off: s3Logs, kubernetes.auditLogs")]
    [InlineData("DisassociateMembers", """{"accountIds":["444455556666"]}""", Severity.High, "member 444455556666 was let go")]
    [InlineData("StopMonitoringMembers", """{"accountIds":["444455556666","777788889999"]}""", Severity.High, "2 members are not watched any more")]
    [InlineData("DisassociateFromAdministratorAccount", "{}", Severity.High, "the account left the administrator that watches it")]
    [InlineData("UpdateOrganizationConfiguration", """{"autoEnableOrganizationMembers":"NONE"}""", Severity.Medium, "accounts that join the organization are not watched by themselves any more")]
    [InlineData("CreateIPSet", """{"name":"ours","activate":true}""", Severity.Medium, "addresses of the new list ours are trusted: nothing is found about them any more")]
    [InlineData("UpdateIPSet", """{"location":"s3://lists/other.txt"}""", Severity.Medium, "other addresses are trusted: nothing is found about them any more")]
    [InlineData("UpdateThreatIntelSet", """{"activate":false}""", Severity.Low, "a threat list is not used any more")]
    [InlineData("CreateFilter", """{"name":"noise","action":"ARCHIVE"}""", Severity.Low, "the filter noise was made, which hides findings")]
    [InlineData("UpdateFilter", """{"filterName":"noise","findingCriteria":{}}""", Severity.Low, "the filter noise was changed, which hides findings")]
    [InlineData("AddSuppression", """{"name":"noise"}""", Severity.Low, "the filter noise was made, which hides findings")]
    public void What_takes_from_the_watch_is_told(string operation, string request, Severity severity, string why) => Assert.Equal(new Weakening(severity, why), Judge(operation, request));

    [Theory]
    [InlineData("CreateDetector", """{"enable":true}""")]
    [InlineData("UpdateDetector", """{"enable":true,"findingPublishingFrequency":"SIX_HOURS"}""")]
    [InlineData("UpdateDetector", """{"enable":"no","features":[7,{"status":7}],"dataSources":[1]}""")]
    [InlineData("CreateIPSet", """{"name":"ours","activate":false}""")]
    [InlineData("UpdateIPSet", """{"activate":false,"location":"s3://lists/other.txt"}""")]
    [InlineData("UpdateThreatIntelSet", """{"activate":true}""")]
    [InlineData("CreateThreatIntelSet", """{"activate":true}""")]
    [InlineData("CreateFilter", """{"name":"view","action":"NOOP"}""")]
    [InlineData("UpdateFilter", """{"action":"NOOP","findingCriteria":{}}""")]
    [InlineData("UpdateFilter", """{"description":"a new text"}""")]
    [InlineData("DeleteFilter", "{}")]
    [InlineData("AddSuppression", """{"name":"noise","mode":"shadow"}""")]
    [InlineData("ArchiveFindings", "{}")]
    [InlineData("CreateFilter", "7")]
    public void What_takes_nothing_is_quiet(string operation, string request) => Assert.Null(Judge(operation, request));

    private static Weakening? Judge(string operation, string request)
    {
        using var json = JsonDocument.Parse(request);
        return WatchWeakened.Judge(operation, json.RootElement);
    }
}
