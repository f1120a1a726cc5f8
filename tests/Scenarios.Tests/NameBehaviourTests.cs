using System.Globalization;
using System.Text;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Detectors.Trojan.EC2;
using Yagura.Intel;
using Yagura.Tests;

namespace Yagura.Scenarios.Tests;

/// <summary>Tunnels, generated domains and ordinary names that others recorded, asked for by one instance.</summary>
public sealed class NameBehaviourTests(ITestOutputHelper output)
{
    private const string Exfiltration = "Trojan:EC2/DNSDataExfiltration", Generated = "Trojan:EC2/DGADomainRequest.B";
    private const int Burst = 50, Draws = 100, FirstQueries = 300;

    private static readonly DateTimeOffset Start = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("dns2tcp/2018-03-23-11-08-11", 0.1), InlineData("dns2tcp/2018-03-23-11-08-11", 1), InlineData("dns2tcp/2018-03-23-11-08-11", 10)]
    [InlineData("iodine/names", 0.1), InlineData("iodine/names", 1), InlineData("iodine/names", 10)]
    [InlineData("dns2tcp/2018-03-23-11-08-11", 60), InlineData("iodine/names", 60)]
    public async Task A_tunnel_is_found_within_its_first_queries_at_every_pace(string capture, double pace)
    {
        var names = Captured(capture).Take(FirstQueries).ToList();
        int least = 0, enough = FirstQueries;
        Assert.True(await IsFound(enough));
        while (enough - least > 1)
        {
            var middle = (least + enough) / 2;
            if (await IsFound(middle)) enough = middle;
            else least = middle;
        }
        output.WriteLine($"{capture} at {pace} s: found after {enough} queries, {enough * pace:F0} s");

        async Task<bool> IsFound(int count) => (await Scan(names.Take(count), pace, "NOERROR")).Exists(finding => finding.Type.Name == Exfiltration);
    }

    [Theory]
    [InlineData("dns2tcp/2018-03-23-11-08-11"), InlineData("iodine/names")]
    public async Task A_whole_tunnel_is_one_finding_of_its_domain(string capture)
    {
        var finding = Assert.Single(await Scan(Captured(capture), 1, "NOERROR"));
        Assert.Equal(Exfiltration, finding.Type.Name);
        Assert.Equal("hidemyself.org", Assert.IsType<DnsRequestAction>(finding.Service.Action).DomainWithSuffix);
        Assert.All(finding.Explanation.Evidence, record => Assert.Contains(".hidemyself.org", record.Summary, StringComparison.Ordinal));
        output.WriteLine(finding.Explanation.Why);
    }

    [Theory]
    [InlineData(0.1), InlineData(1), InlineData(10)]
    public async Task Ordinary_names_are_quiet(double pace)
    {
        var plain = Captured("plain/2018-03-19-19-34-33").ToList();
        Assert.Equal(17_279, plain.Count);
        foreach (var code in new[] { "NOERROR", "NXDOMAIN" })
        {
            Assert.Empty(await Scan(plain, pace, code));
            Assert.Empty(await Scan(Benign("top").Concat(Benign("random")), pace, code));
        }
    }

    [Theory]
    [InlineData("tinba", 0.90), InlineData("necurs", 0.90), InlineData("simda", 0.90)]
    public void A_family_that_nothing_was_learnt_from_is_told_from_registered_names(string family, double least)
    {
        var made = Family(family).Select(Made).ToList();
        var chosen = Unseen().Select(Made).ToList();
        var area = AreaUnderCurve(made, chosen);
        output.WriteLine($"{family}: {made.Count} domains against {chosen.Count} registered ones, area under the curve {area:F4}");
        Assert.InRange(area, least, 1);
    }

    [Theory]
    [InlineData("tinba"), InlineData("necurs"), InlineData("simda")]
    public async Task Bursts_of_a_family_that_do_not_exist_are_found(string family)
    {
        var domains = Family(family);
        var found = 0;
        for (var draw = 0; draw < Draws; draw++) found += (await Scan(Draw(domains, draw), 1, "NXDOMAIN")).Exists(finding => finding.Type.Name == Generated) ? 1 : 0;
        output.WriteLine($"{family}: found in {found} of {Draws} draws of {Burst}");
        Assert.InRange(found, 95, Draws);
    }

    [Fact]
    public void Bursts_of_registered_names_that_do_not_exist_are_quiet()
    {
        var (unseen, all) = (Unseen(), Benign("top").Concat(Benign("random")).ToList());
        var greatest = Enumerable.Range(0, 20 * Draws).Max(draw => Run(Draw(draw % 2 == 0 ? unseen : all, draw)));
        output.WriteLine($"{20 * Draws} draws of {Burst} registered names: at most {greatest:F0} bits of {DgaDomainRequestB.LeastBits}");
        Assert.InRange(greatest, 0, DgaDomainRequestB.LeastBits / 1.5);
    }

    /// <summary>Half of the lists of registered domains: those that the model was not trained on (docs/label-model.md).</summary>
    private static List<string> Unseen() => [.. Benign("top").Concat(Benign("random")).Select(Registered).Distinct(StringComparer.Ordinal).Where(domain => domain.Sum(c => c) % 2 == 1)];

    private static List<string> Benign(string kind) => [.. Lines($"intel/benign-{kind}-domains-opendns.txt.gz")];

    /// <summary>The registered names of a list of a family's domains; addresses and pages are left out.</summary>
    private static List<string> Family(string family) =>
    [
        .. Lines($"intel/dga-{family}-maltrail.txt").Select(line => line.Split('#')[0].Trim())
            .Where(name => name.Contains('.', StringComparison.Ordinal) && !name.Contains('/', StringComparison.Ordinal) && !name.Contains(':', StringComparison.Ordinal) && !char.IsAsciiDigit(name[^1]))
            .Select(Registered).Distinct(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Captured(string capture) => Lines($"dns-tunnel/{capture}.csv.gz").Skip(1).Select(line => line.Split(',')[1]);

    private static string[] Lines(string file) => Encoding.UTF8.GetString(RealLogs.Read(file)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Registered(string name) => PublicSuffixList.BuiltIn.RegistrableDomain(name);

    private static double Made(string domain) => LabelModel.Made(Encoding.UTF8.GetBytes(domain[..domain.IndexOf('.', StringComparison.Ordinal)]));

    private static List<string> Draw(List<string> domains, int seed)
    {
        var random = new Random(seed);
        return [.. domains.OrderBy(_ => random.Next()).Take(Burst)];
    }

    private static double Run(List<string> domains)
    {
        var failed = new Sample<AskedDomain>(AskedDomains.MostFailed);
        foreach (var (i, domain) in domains.Index())
        {
            failed.Add(new((ulong)i, i, i, AskedDomain.WeightOf(Made(Registered(domain))), (short)domain.Length));
        }
        return MadeRun.Of(failed).Bits;
    }

    /// <summary>How often a positive scores above a negative; ties count half.</summary>
    private static double AreaUnderCurve(List<double> positives, List<double> negatives)
    {
        negatives.Sort();
        return positives.Average(score =>
        {
            int below = 0, upTo = negatives.Count;
            below = FirstIndex(negatives, value => value >= score);
            upTo = FirstIndex(negatives, value => value > score);
            return (below + (upTo - below) / 2.0) / negatives.Count;
        });
    }

    private static int FirstIndex(List<double> sorted, Predicate<double> holds)
    {
        int low = 0, high = sorted.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (holds(sorted[middle])) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    private static async Task<List<Finding>> Scan(IEnumerable<string> names, double pace, string code)
    {
        var lines = names.Select((name, i) => string.Create(CultureInfo.InvariantCulture, $$$"""
            {"version":"1.100000","account_id":"111122223333","region":"eu-west-1","vpc_id":"vpc-0123456789abcdef0","query_timestamp":"{{{Start.AddSeconds(i * pace):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}}","query_name":"{{{name}}}","query_type":"A","query_class":"IN","rcode":"{{{code}}}","answers":[],"srcaddr":"10.0.0.5","srcport":"40000","transport":"UDP","srcids":{"instance":"i-0123456789abcdef0"}}
            """));
        var report = await Scans.Run(new MemoryObjects([("resolver.log", Encoding.UTF8.GetBytes(string.Join('\n', lines)))]), Knowledge.Nothing);
        Assert.Empty(report.DetectorFailures);
        return [.. report.Findings];
    }
}
