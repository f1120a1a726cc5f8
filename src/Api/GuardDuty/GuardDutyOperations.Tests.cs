using System.Text;
using System.Text.Json;
using Yagura.Api.GuardDuty;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Matching.Criteria;

namespace Yagura.Api.Tests;

public sealed class GuardDutyOperationsTests
{
    [Fact]
    public void The_table_holds_87_operations_and_no_way_to_call_two_at_once()
    {
        Assert.Equal(87, GuardDutyOperations.All.Select(operation => operation.Name).Distinct().Count());
        Assert.Equal(87, GuardDutyOperations.All.Select(operation => $"{operation.Method} {string.Join('/', operation.Segments.Select(segment => segment[0] == '{' ? "{}" : segment))}").Distinct().Count());
    }

    [Fact]
    public void A_sample_of_every_type_can_be_written_read_and_found()
    {
        Assert.True(FindingCriteria.TryParse("{\"criterion\":{\"service.additionalInfo.sample\":{\"equals\":[\"true\"]}}}"u8.ToArray(), out var criteria, out _));
        foreach (var entry in FindingTypeCatalog.All)
        {
            var sample = SampleFindings.Sample(entry, "111122223333", "eu-west-1", new(2026, 9, 1, 0, 0, 0, TimeSpan.Zero));
            var json = FindingJson.ToUtf8(sample);
            Assert.True(FindingJson.TryRead(json, out var read, out var error), $"{entry.Type}: {error}");
            Assert.Equal(Encoding.UTF8.GetString(json), FindingJson.ToJson(read));
            Assert.True(criteria.Matches(sample), entry.Type.Name);
            JsonDocument.Parse(AsffJson.ToUtf8(sample)).Dispose();
            JsonDocument.Parse(OcsfJson.ToUtf8(sample)).Dispose();
            using var document = JsonDocument.Parse(json);
            Assert.Contains(document.RootElement.GetProperty("resource").GetProperty("resourceType").GetString(), entry.ResourceTypes.Append("AttackSequence"));
        }
    }
}
