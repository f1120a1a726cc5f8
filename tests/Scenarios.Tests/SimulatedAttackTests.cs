using Yagura.Core.Findings;
using Yagura.Engine;
using Yagura.Engine.Ledger;
using Yagura.Engine.Reading;
using Yagura.Logs;
using Yagura.Simulation;

namespace Yagura.Scenarios.Tests;

/// <summary>Everything the simulator plants, through a whole scan: attacks are found, twins are not, and nothing is lost or made up.</summary>
public sealed class SimulatedAttackTests(SimulatedAttackTests.Corpora corpora) : IClassFixture<SimulatedAttackTests.Corpora>
{
    private static readonly Dictionary<string, SimulationOptions> Options = new(StringComparer.Ordinal)
    {
        ["small, seed 21"] = new() { Seed = 21 },
        ["small, seed 22"] = new() { Seed = 22 },
        ["organization, 20 MB"] = new() { Seed = 5, Profile = "organization", TargetBytes = 20_000_000 },
    };

    public static TheoryData<string> Names => [.. Options.Keys];

    public sealed class Corpora : IAsyncLifetime
    {
        private readonly Dictionary<string, SimulatedCorpus> _made = new(StringComparer.Ordinal);

        public SimulatedCorpus this[string name] => _made[name];

        public async ValueTask InitializeAsync()
        {
            foreach (var (name, options) in Options) _made.Add(name, await SimulatedCorpus.Make(options));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_attack_is_found_at_its_resource_with_its_count_and_times(string name)
    {
        var attacks = corpora[name].Plans.Where(plan => plan.Kind == "attack").ToList();
        Assert.True(attacks.Count >= 53, $"{attacks.Count} attacks");
        Assert.All(attacks, attack => IsFound(corpora[name], attack));
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_type_that_is_on_is_attacked(string name)
    {
        var on = TypeStatus.All(DetectorSet.Default, corpora[name].Knowledge).Where(type => type.State == TypeState.On).Select(type => type.Entry.Type.Name);
        var attacked = corpora[name].Plans.Where(plan => plan.Kind == "attack").Select(plan => plan.Type).Distinct(StringComparer.Ordinal);
        Assert.Equal(on.Order(StringComparer.Ordinal), attacked.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Names))]
    public void No_harmless_twin_is_reported(string name)
    {
        var twins = corpora[name].Plans.Where(plan => plan.Kind == "twin").ToList();
        Assert.NotEmpty(twins);
        Assert.All(twins, twin => Assert.False(corpora[name].Findings.ContainsKey(twin.FindingId), twin.ToString()));
    }

    [Theory, MemberData(nameof(Names))]
    public void Evasive_variants_are_found_or_missed_as_recorded(string name)
    {
        var evasive = corpora[name].Plans.Where(plan => plan.Kind == "evasive").ToLookup(plan => plan.Outcome, StringComparer.Ordinal);
        Assert.All(evasive["found"], plan => IsFound(corpora[name], plan));
        Assert.All(evasive["blind"], plan => Assert.False(corpora[name].Findings.ContainsKey(plan.FindingId), $"no longer a blind spot: {plan}"));
        Assert.All(evasive, group => Assert.Contains(group.Key, new[] { "found", "blind" }));
    }

    [Theory, MemberData(nameof(Names))]
    public void Nothing_is_found_beyond_what_was_planted(string name)
    {
        var planted = corpora[name].Plans.Where(plan => plan.Outcome == "found").Select(plan => plan.FindingId).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(corpora[name].Report.Findings.Where(finding => !planted.Contains(finding.Id)).Select(finding => $"{finding.Type.Name} {finding.AccountId} {finding.Explanation.Why}"));
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_record_is_analysed_quarantined_or_skipped(string name)
    {
        var (applied, copies) = (corpora[name].Report, corpora[name].Copies);
        foreach (var log in corpora[name].Counts)
        {
            var type = Enum.Parse<LogType>(log.Log);
            Assert.Equal(log.Records - log.Corrupt, Usable(applied, type) + Usable(copies, type));
        }
        Assert.Equal(corpora[name].Counts.Sum(log => log.Corrupt), Quarantined(applied) + Quarantined(copies));
        Assert.Equal(Quarantined(applied), corpora[name].Unusable.Count);
        Assert.All(corpora[name].Unusable, record => Assert.NotEqual("", record.Reason));
        Assert.Equal(corpora[name].Counts.Sum(log => log.DuplicateObjects), applied.Objects[ObjectState.Duplicate]);
        Assert.Equal(corpora[name].Counts.Sum(log => log.Objects), applied.Objects.Values.Sum());
        Assert.Empty(applied.Failures);
        Assert.Empty(applied.DetectorFailures);
    }

    private static long Usable(ScanReport report, LogType type) => report.Records.Where(r => r.LogType == type).Sum(r => r.Total);

    private static long Quarantined(ScanReport report) => report.Records.Sum(r => r.Quarantined);

    private static void IsFound(SimulatedCorpus corpus, Plan plan)
    {
        Assert.True(corpus.Findings.TryGetValue(plan.FindingId, out var finding), $"not found: {plan}");
        Assert.Equal(
            (plan.Type, plan.Account, plan.Region, plan.Count, plan.FirstSeen, plan.LastSeen),
            (finding.Type.Name, finding.AccountId, finding.Region, finding.Service.Count, finding.Service.EventFirstSeen, finding.Service.EventLastSeen));
        Assert.Contains(NameOf(plan.Subject), Named(finding), StringComparer.OrdinalIgnoreCase);
        if (plan.Principal is { } principal and not "anonymous") Assert.Equal(NameOf(principal), finding.Resource.AccessKeyDetails?.UserName, ignoreCase: true);
    }

    /// <summary>What a resource calls itself: the last part of an ARN, else the whole.</summary>
    private static string NameOf(string subject) => subject.StartsWith("arn:", StringComparison.Ordinal) ? subject.Split(':', '/')[^1] : subject;

    /// <summary>Everything that a finding's resource names, and a sequence's; the session of a function bears the function's name.</summary>
    private static IEnumerable<string?> Named(Finding finding) =>
    [
        .. Named(finding.Resource), .. finding.Service.Sequence?.Resources.Select(resource => resource.Name) ?? [], .. finding.Service.Sequence?.Actors.Select(actor => actor.User.Name) ?? [],
    ];

    private static IEnumerable<string?> Named(Resource resource) =>
    [
        .. resource.S3BucketDetails.Select(bucket => bucket.Name), resource.InstanceDetails?.InstanceId,
        resource.AccessKeyDetails?.UserName, resource.AccessKeyDetails?.PrincipalId?.Split(':')[^1],
    ];
}
