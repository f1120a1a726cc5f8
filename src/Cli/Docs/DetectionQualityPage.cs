using System.Text;
using Yagura.Core.Findings;

namespace Yagura.Cli.Docs;

/// <summary>What is found and what is not, measured on planted attacks and told of recorded ones.</summary>
internal static class DetectionQualityPage
{
    private const string RecordedLogs =
        """
        ## Recorded logs

        Logs that others recorded are scanned by tests (`tests/Scenarios.Tests/RealLogTests.cs`, `tests/Engine.Tests/AttackSessionTests.cs`). They are not part of the
        repository: where they are absent, these tests are skipped and say so. What the tests hold:

        | logs | what a scan says |
        | --- | --- |
        | 18 files with 142 CloudTrail records, each file one attack technique carried out | all analysed; one finding, `Stealth:IAMUser/CloudTrailLoggingDisabled`; the other 17 techniques are not reported |
        | 301 calls on a public bucket, ten of the callers' addresses on a test list | exactly the calls of these ten are found, with their counts and times; without the list one Low finding, `Discovery:S3/AnomalousBehavior`, of strangers to the bucket |
        | 9,070 DNS queries of a dns2tcp tunnel, the tunnel's domain on a list | all 9,070, as one finding |
        | 6,119 DNS queries of an iodine tunnel, the domain on a list | 6,115, as one finding; the other four are look-ups of software mirrors |
        | 17,279 DNS queries of ordinary work, the same list | quiet |
        | 69,602 flows of a day at an exposed host, converted from Zeek's connection log | three findings. `UnauthorizedAccess:EC2/SSHBruteForce`, the host as target: its evidence names the five addresses that made 50 connections or more and a sixth that made 42, each of which went as far as a login; 161 others made 30 and stay below the threshold. `Recon:EC2/PortProbeUnprotectedPort` names four addresses that found port 22 and were refused at six ports or more; the 48 that tried 20 ports or more found nothing but the web site. `Yagura:EC2/Beaconing`, the host as target: a client that asks the web site every 200 to 350 s, 317 times (the finding's estimate of its count is within a tenth), score 0.9, and a crawler that comes once in 65 minutes, 23 times, half of them within six minutes of that, with the same 544 bytes: nobody told the host's owner of it either, so it stands in the same Low finding |
        | the same, seen from one of the other ends | 1,006 ports tried over the day: `Recon:EC2/Portscan`; 466 logins tried: `UnauthorizedAccess:EC2/SSHBruteForce`, as actor; the beacon and the crawler: `Yagura:EC2/Beaconing`, as actors. Time from a server by the clock (42 times) and names asked of a resolver are quiet |
        | a recorded attack on an account, its tools' names removed | the instance's stolen credentials are found once, with both addresses; the trail that was narrowed is found; no failed attempt is reported as a success; at most two other findings of medium severity or more |
        | the same after 14 quiet days, made from the session's own background (neither detonations nor clean-up; each minute of it happens again with a chance of seven in ten) | all nine detonations that had an effect or were a burst of refusals are told by their own records: eight by `AnomalousBehavior` of five types or by the two findings above, the stolen credentials by theirs; the clean-up is in none. What joins them is one `AttackSequence:IAM/CompromisedCredentials` of the user behind them. Nothing of Medium or more is told of the quiet days by what is usual |
        | the same without any history | six of the nine: password data asked for and refused 29 times, the stolen credentials, the secrets by the number of reads, the narrowed trail, the flow logs deleted, user data asked for and refused 15 times. Not told, since nothing is known that they break with: the parameters, the lifecycle rule, the launch |

        Without the domain on a list the same tunnels, and names that malware computed, are told by what they look like (`tests/Scenarios.Tests/NameBehaviourTests.cs`). The names
        come from recorded traffic and lists; times, instance and answers were added:

        | names | what a scan says |
        | --- | --- |
        | the dns2tcp tunnel, a query each 0.1, 1, 10 and 60 s | `Trojan:EC2/DNSDataExfiltration` after 24 queries at the first three paces, 37 at the slowest |
        | the iodine tunnel, likewise | after 57 queries at the first three paces, 120 at the slowest |
        | the 17,279 ordinary queries, and 20,000 registered domains of 2014, at 0.1, 1 and 10 s, all answered or all in vain | quiet |
        | domains of tinba, necurs and simda, of which nothing was learnt, against registered domains that were not learnt from either | area under the curve 0.964, 0.984 and 0.981 |
        | 100 draws of 50 names of each of the three, in vain | `Trojan:EC2/DGADomainRequest.B` in 100, 100 and 100 |
        | 2,000 draws of 50 registered domains, in vain | quiet: at most 44 bits, of 100 |

        Both types are blind where names are put together from words. Thresholds were set with these names at hand, so the figures are no forecast for others.

        ## What is usual

        What is out of the usual rests on two things: the recorded session above, whose quiet days are made, and a simulated month (`tests/Engine.Tests/SimulatedMonthTests.cs`): 50 accounts with 20 identities
        each, of whom one in fifty does something new and harmless on a day, and one attack of each of the 13 types in its last ten days. All 13 are found by their records; on the 1,110 days of the 37 accounts
        without an attack two findings of Medium or more were told. The scores were made with the session at hand and before the month was written; of the month, the limits of network, client and amounts were set with it at hand. No
        recorded month of a real account was at hand: how much of real work is told is not known. Its blind spots stand in [baselines](baselines.md).
        """;

    public static string Write(PlantedAttacks planted)
    {
        var text = new StringBuilder()
            .Line("# What is found, and what is not").Line().Line(Markdown.Notice).Line();
        WriteFigures(text, planted);
        WriteTable(text, planted);
        WriteBlindSpots(text, planted);
        return text.Line().Line(RecordedLogs.ReplaceLineEndings("\n")).ToString();
    }

    private static void WriteFigures(StringBuilder text, PlantedAttacks planted)
    {
        var (attacks, twins, evasive) = (Of(planted.Plans, "attack"), Of(planted.Plans, "twin"), Of(planted.Plans, "evasive"));
        var corpus = PlantedAttacks.Corpus;
        text.Line("## Planted attacks").Line()
            .Line($"`yagura simulate --scenario {corpus.Scenario} --seed {corpus.Seed} --profile {corpus.Profile}` writes {planted.Records:N0} records. For every type that can be found it plants an attack, a harmless twin that")
            .Line("looks like it, and an evasive variant. A scan with the corpus's lists and inventory says:").Line()
            .Line($"- attacks found with the expected count and times: {attacks.Count(IsExact)} of {attacks.Count}")
            .Line($"- harmless twins reported: {twins.Count(twin => twin.Finding is not null)} of {twins.Count}")
            .Line($"- evasive variants found: {evasive.Count(IsExact)} of {evasive.Count}; the rest are the [blind spots](#blind-spots)")
            .Line($"- findings beyond what was planted: {planted.Beyond}").Line()
            .Line("The plans were written together with the detectors. They show that a detector does what it is meant to do, and goes on doing it;")
            .Line("they do not tell what share of all real attacks is found.").Line();
    }

    private static void WriteTable(StringBuilder text, PlantedAttacks planted)
    {
        text.Header("Type", "Attack", "Harmless twin", "Evasive variant", "Its outcome");
        foreach (var type in planted.Plans.GroupBy(p => p.Plan.Type, StringComparer.Ordinal).OrderBy(type => type.Key, StringComparer.Ordinal))
        {
            var (attacks, twins, evasive) = (Of(type, "attack"), Of(type, "twin"), Of(type, "evasive"));
            text.Row(
                $"`{type.Key}`", string.Join("; ", attacks.Select(Attack)), string.Join("; ", twins.Select(Twin)),
                string.Join("; ", evasive.Select(variant => variant.Plan.Note)), string.Join("; ", evasive.Select(Evasive)));
        }
    }

    private static void WriteBlindSpots(StringBuilder text, PlantedAttacks planted)
    {
        text.Line().Line("## Blind spots").Line().Line("Evasive variants that are not found, and why:").Line();
        foreach (var reason in Of(planted.Plans, "evasive").Where(variant => variant.Finding is null).GroupBy(variant => variant.Plan.Note, StringComparer.Ordinal))
        {
            text.Line($"- **{reason.Key}**");
            foreach (var variant in reason) text.Line($"  - `{variant.Plan.Type}`");
        }
    }

    private static List<(PlantedPlan Plan, Finding? Finding)> Of(IEnumerable<(PlantedPlan Plan, Finding? Finding)> plans, string kind) =>
        [.. plans.Where(p => p.Plan.Kind == kind)];

    private static bool IsExact((PlantedPlan Plan, Finding? Finding) planted) =>
        planted is (var plan, { Service: var seen }) && (plan.Count, plan.FirstSeen, plan.LastSeen) == (seen.Count, seen.EventFirstSeen, seen.EventLastSeen);

    private static string Attack((PlantedPlan Plan, Finding? Finding) attack) => attack.Finding switch
    {
        null => "**missed**",
        _ when IsExact(attack) => $"found, count {attack.Plan.Count}",
        var finding => $"**found with count {finding.Service.Count} instead of {attack.Plan.Count}, or at other times**",
    };

    private static string Twin((PlantedPlan Plan, Finding? Finding) twin) => $"{(twin.Finding is null ? "quiet" : "**reported**")}: {twin.Plan.Note}";

    private static string Evasive((PlantedPlan Plan, Finding? Finding) variant) => (variant.Plan.Outcome, variant.Finding) switch
    {
        ("blind", null) => "known blind spot",
        (_, null) => "**missed**",
        ("blind", _) => "**found, although noted as a blind spot**",
        _ => IsExact(variant) ? $"found, count {variant.Plan.Count}" : Attack(variant),
    };
}
