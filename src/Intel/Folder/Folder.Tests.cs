using System.IO.Compression;
using System.Text;
using Yagura.Tests;
using static Yagura.Intel.Tests.AddressTests;

namespace Yagura.Intel.Tests;

public sealed class FolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("yagura-intel-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder, name), content);

    [Theory]
    [InlineData("c2-example.txt", "c2")]
    [InlineData("command-and-control.txt", "c2")]
    [InlineData("dns-tunnel-services.txt", "c2")]
    [InlineData("mining-pools.txt", "mining")]
    [InlineData("crypto.txt", "mining")]
    [InlineData("mining-reputation.txt", "mining-reputation")]
    [InlineData("malicious-reputation.txt", "malicious-reputation")]
    [InlineData("malicious.txt", "malicious")]
    [InlineData("ipsum-level4.txt", "malicious")]
    [InlineData("tor-exit-nodes.txt.gz", "tor-exit")]
    [InlineData("tor-guard.txt", "tor-relay")]
    [InlineData("Benign-top.txt", "trusted")]
    [InlineData("allowlist.txt", "trusted")]
    [InlineData("blackhole.txt", "sinkhole")]
    [InlineData("leaked-keys.txt", "leaked-keys")]
    [InlineData("ip-ranges.json", "aws-ranges")]
    [InlineData("public_suffix_list.dat.gz", "public-suffixes")]
    [InlineData("geo-country-ipv4.csv", "location")]
    [InlineData("asn.csv", "location")]
    [InlineData("GeoLite2-City.mmdb", "location")]
    [InlineData("partners.csv", "custom")]
    [InlineData("anything", "custom")]
    public void A_file_name_tells_what_the_file_is_for(string name, string word)
    {
        Assert.Equal(word, FileRole.OfFileName(name).Word);
        Assert.True(FileRole.TryParse(word, out var role));
        Assert.Equal(role, FileRole.OfFileName(name));
    }

    [Fact]
    public void Every_file_becomes_a_list()
    {
        Write("c2-example.txt", "192.0.2.1\nc2.example\nnot one\n");
        Write("office.txt", "198.51.100.0/24");
        Write("LICENSE.c2", "words");
        Write("README.md", "words");
        using (var gzip = new GZipStream(File.Create(Path.Combine(_folder, "tor-exit.txt.gz")), CompressionLevel.Fastest)) gzip.Write("192.0.2.1"u8);
        Write("intel.yaml", "lists:\n  - file: office.txt\n    category: trusted\n");

        var load = IntelFolder.Load(_folder);

        Assert.Equal(["c2-example.txt", "office.txt", "tor-exit.txt.gz"], load.Files.Select(f => f.Name));
        Assert.All(load.Files, f => Assert.Null(f.Problem));
        Assert.Equal((2, 1), (load.Files[0].Entries, load.Files[0].Rejected));
        var match = load.Snapshot.Find(Ip("192.0.2.1"));
        Assert.Equal(ThreatCategory.CommandAndControl | ThreatCategory.TorExit, match.Categories);
        Assert.Equal(["c2-example", "tor-exit"], match.Lists.Select(l => l.Name));
        Assert.Equal("example", match.Lists[0].ThreatName);
        Assert.True(load.Snapshot.IsTrusted(Ip("198.51.100.7")));
    }

    [Fact]
    public void The_table_names_format_and_threat()
    {
        Write("feed.csv", "Indicator type, Indicator, Description\nIPv4, 192.0.2.1, x\n");
        Write("intel.yaml", "lists:\n  - { file: feed.csv, category: c2, format: OTX_CSV, threat: ExampleBot }\n");
        var list = Assert.Single(IntelFolder.Load(_folder).Snapshot.Find(Ip("192.0.2.1")).Lists);
        Assert.Equal((ThreatCategory.CommandAndControl, "ExampleBot"), (list.Category, list.ThreatName));
    }

    [Theory]
    [InlineData("lists: 5", "expected one list named \"lists\"")]
    [InlineData("lists: [", "not YAML")]
    [InlineData("lists: [\"\\uD800\\u0041\"]", "not YAML")]
    [InlineData("lists:\n  - file: absent.txt\n    category: c2", "absent.txt is not in the folder")]
    [InlineData("lists:\n  - file: ../other.txt\n    category: c2", "must name a file of this folder")]
    [InlineData("lists:\n  - file: a.txt\n    category: bad", "\"category\" of a.txt must be one of malicious, custom, c2")]
    [InlineData("lists:\n  - file: a.txt\n    category: c2\n    format: pdf", "\"format\" of a.txt must be one of TXT, STIX")]
    [InlineData("lists:\n  - file: a.txt\n    categry: c2", "unknown field \"categry\"")]
    public void A_wrong_table_is_one_clear_message(string yaml, string message)
    {
        Write("a.txt", "192.0.2.1");
        Write("intel.yaml", yaml);
        var error = Assert.Throws<IntelException>(() => IntelFolder.Load(_folder));
        Assert.Contains("intel.yaml", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_of_a_table_come_in_one_message()
    {
        Write("intel.yaml", "lists:\n  - file: a.txt\n    category: bad\n  - category: c2\n");
        Assert.Equal(2, Assert.Throws<IntelException>(() => IntelFolder.Load(_folder)).Message.Split('\n').Length);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var missing = Path.Combine(_folder, "nowhere");
        Assert.Equal($"{missing}: no such folder", Assert.Throws<IntelException>(() => IntelFolder.Load(missing)).Message);
    }

    [Fact]
    public void A_useless_file_is_reported_and_the_others_are_used()
    {
        Write("c2.txt", "192.0.2.1");
        Write("mining.txt", "# nothing here");
        Write("ip-ranges.json", "{}");
        File.WriteAllBytes(Path.Combine(_folder, "scanner.txt.gz"), [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF]);
        var load = IntelFolder.Load(_folder);
        Assert.Equal([null, "no prefixes; expected AWS's ip-ranges.json", "no usable entry", "damaged gzip"], load.Files.Select(f => f.Problem));
        Assert.Equal(ThreatCategory.CommandAndControl, load.Snapshot.AddressCategories);
    }

    [Fact]
    public void A_list_over_its_size_is_not_used_and_a_bomb_is_not_unpacked()
    {
        using (var gzip = new GZipStream(File.Create(Path.Combine(_folder, "own.txt.gz")), CompressionLevel.Fastest))
        {
            var block = new byte[1_000_000];
            for (var i = 0; i < 36; i++) gzip.Write(block);
        }
        Assert.Equal("larger than 35000000 bytes", Assert.Single(IntelFolder.Load(_folder).Files).Problem);
    }

    [Fact]
    public void The_real_lists_load_as_a_folder()
    {
        var load = IntelFolder.Load(RealLogs.Path("intel"));
        Assert.Equal(15 - 1, load.Files.Count);
        Assert.All(load.Files, f => Assert.Null(f.Problem));
        Assert.True(load.Snapshot.Find(Ip("101.99.92.179")).Has(ThreatCategory.TorExit));
        Assert.Equal("example.co.jp", load.Snapshot.RegistrableDomain("a.b.example.co.jp"));
        Assert.True(load.Snapshot.FindDomain(Encoding.ASCII.GetBytes("www.google.com")).IsNothing);
    }
}
