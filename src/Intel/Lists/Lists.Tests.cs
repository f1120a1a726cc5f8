using System.Text;
using CsCheck;
using Yagura.Tests;
using static Yagura.Intel.Tests.AddressTests;

namespace Yagura.Intel.Tests;

public sealed class ListTests
{
    private static ParsedList Read(string content, ListFormat? format = null, ListLimits? limits = null) =>
        ThreatListReader.Read("test", ThreatCategory.Malicious, Encoding.UTF8.GetBytes(content), format, limits: limits);

    private static string[] Entries(ParsedList list) =>
        list.Addresses.Select(a => a.First == a.Last ? a.First.ToString() : $"{a.First}-{a.Last}")
            .Concat(list.Names.Select(n => (n.BelowOnly ? "*." : "") + n.Name)).Concat(list.Keys).ToArray();

    [Fact]
    public void A_plain_list_may_hold_everything_that_lists_hold()
    {
        var list = Read("\uFEFF# comment\r\n; another\r\n// and another\r\n\r\n192.0.2.1\r\n198.51.100.0/24 ; SBL1\r\n203.0.113.9:8443\r\n" +
            "203.0.113.10-203.0.113.12\r\n203.0.113.20 - 203.0.113.22\r\n2001:db8::1\n[2001:db8::2]:443\n2001:db8:1::/48\n" +
            "C2.Example.\n*.wild.example\npool.example:3333 # a pool\nhttp://192.0.2.2\nhttps://web.example:8443/\n192.0.2.3\t7\nAKIAIOSFODNN7EXAMPLE");
        Assert.Equal(ListFormat.Txt, list.Format);
        Assert.Equal(0, list.Rejected);
        Assert.Equal(
            ["192.0.2.1", "198.51.100.0-198.51.100.255", "203.0.113.9", "203.0.113.10-203.0.113.12", "203.0.113.20-203.0.113.22", "2001:db8::1",
             "2001:db8::2", "2001:db8:1::-2001:db8:1:ffff:ffff:ffff:ffff:ffff", "192.0.2.2", "192.0.2.3",
             "c2.example", "*.wild.example", "pool.example", "web.example", "AKIAIOSFODNN7EXAMPLE"], Entries(list));
        Assert.Equal((10, 4, 1), (list.List.Addresses, list.List.Domains, list.List.Other));
    }

    [Theory]
    [InlineData("10.0.0.1", "not a public address")]
    [InlineData("0.0.0.0/0", "not a public address")]
    [InlineData("128.0.0.0/1", "wider than a /8")]
    [InlineData("2000::/3", "wider than a /16")]
    [InlineData("::/0", "not a public address")]
    [InlineData("256.1.1.1", "neither an address nor a name")]
    [InlineData("http://shared.example/evil.exe", "a path, which says nothing of the whole host")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e", "a file hash, which no analysed log carries")]
    [InlineData("com", "a name without a dot")]
    [InlineData("two words", "more than one word")]
    [InlineData("a..b", "neither an address nor a name")]
    [InlineData("-", "a name without a dot")]
    [InlineData("食狮.example", "a name outside ASCII; write its xn-- form")]
    public void What_is_no_usable_entry_is_counted_with_line_and_reason(string entry, string reason)
    {
        var list = Read($"192.0.2.1\n{entry}\n192.0.2.2");
        Assert.Equal(2, list.Entries);
        Assert.Equal(1, list.Rejected);
        Assert.Equal([new(2, reason)], list.FirstRejects);
    }

    [Fact]
    public void A_hosts_file_gives_its_names()
    {
        var list = Read("127.0.0.1 localhost localhost.localdomain\n::1 ip6-localhost\n0.0.0.0 0.0.0.0\n0.0.0.0 pool.example www.pool.example # mining\n");
        Assert.Equal(["pool.example", "www.pool.example"], Entries(list));
        Assert.Equal(0, list.Rejected);
    }

    [Fact]
    public void Stix_packages_give_addresses_ranges_and_names()
    {
        var list = Read("""
            <?xml version="1.0" encoding="UTF-8"?>
            <stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
              xmlns:cybox="http://cybox.mitre.org/cybox-2" xmlns:AddressObj="urn:a" xmlns:DomainNameObj="urn:d" xmlns:FileObj="urn:f" xmlns:cyboxCommon="urn:c">
              <stix:Observables>
                <cybox:Observable><cybox:Object><cybox:Properties xsi:type="AddressObj:AddressObjectType" category="ipv4-addr">
                  <AddressObj:Address_Value>192.0.2.1</AddressObj:Address_Value></cybox:Properties></cybox:Object></cybox:Observable>
                <cybox:Observable><cybox:Object><cybox:Properties xsi:type="AddressObj:AddressObjectType" category="ipv4-addr">
                  <AddressObj:Address_Value condition="InclusiveBetween">198.51.100.0##comma##198.51.100.9</AddressObj:Address_Value></cybox:Properties></cybox:Object></cybox:Observable>
                <cybox:Observable><cybox:Object><cybox:Properties xsi:type="AddressObj:AddressObjectType" category="ipv4-addr">
                  <AddressObj:Address_Value condition="Equals" apply_condition="ANY">203.0.113.1##comma##203.0.113.2</AddressObj:Address_Value></cybox:Properties></cybox:Object></cybox:Observable>
                <cybox:Observable><cybox:Object><cybox:Properties xsi:type="AddressObj:AddressObjectType" category="e-mail">
                  <AddressObj:Address_Value>a@mail.example</AddressObj:Address_Value></cybox:Properties></cybox:Object></cybox:Observable>
                <cybox:Observable><cybox:Object><cybox:Properties xsi:type="DomainNameObj:DomainNameObjectType">
                  <DomainNameObj:Value condition="Equals">c2.example</DomainNameObj:Value></cybox:Properties></cybox:Object></cybox:Observable>
                <cybox:Observable><cybox:Object><cybox:Properties xsi:type="FileObj:FileObjectType"><FileObj:Hashes><cyboxCommon:Hash>
                  <cyboxCommon:Simple_Hash_Value>00</cyboxCommon:Simple_Hash_Value></cyboxCommon:Hash></FileObj:Hashes></cybox:Properties></cybox:Object></cybox:Observable>
              </stix:Observables>
            </stix:STIX_Package>
            """);
        Assert.Equal(ListFormat.Stix, list.Format);
        Assert.Equal(["192.0.2.1", "198.51.100.0-198.51.100.9", "203.0.113.1", "203.0.113.2", "c2.example"], Entries(list));
        Assert.Equal(2, list.Rejected);
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>")]
    [InlineData("<a><b></a>")]
    [InlineData("<")]
    public void Stix_that_is_not_well_formed_or_brings_a_document_type_ends_there(string xml)
    {
        var list = Read(xml);
        Assert.Equal(0, list.Entries);
        Assert.Equal(1, list.Rejected);
    }

    [Fact]
    public void Otx_csv_gives_the_indicators_that_logs_carry()
    {
        var list = Read("Indicator type, Indicator, Description\nCIDR, 192.0.2.0/24, example\nIPv4, 198.51.100.1, \"a, b\"\nDomain name, c2.example, example\nSHA256, 00, x\n");
        Assert.Equal(ListFormat.OtxCsv, list.Format);
        Assert.Equal(["192.0.2.0-192.0.2.255", "198.51.100.1", "c2.example"], Entries(list));
        Assert.Equal(1, list.Rejected);
    }

    [Fact]
    public void Alien_vault_gives_the_first_of_eight_parts()
    {
        var list = Read("198.51.100.1#4#2#Malicious Host#JP#Tokyo#35.6,139.7#3\nc2.example#4#2#Malicious Host#US##0.0,0.0#11\nbroken#1\n");
        Assert.Equal(ListFormat.AlienVault, list.Format);
        Assert.Equal(["198.51.100.1", "c2.example"], Entries(list));
        Assert.Equal([new(3, "not 8 parts divided by #")], list.FirstRejects);
    }

    [Theory]
    [InlineData("ip, category, score, first_seen, last_seen, ports (|)\n198.51.100.1, 1, 100, 2000-01-01, 2000-01-01,\n203.0.113.1, 1, 100, 2000-01-01, 2000-01-01, 80|443\n", "198.51.100.1 203.0.113.1")]
    [InlineData("domain, category, score, first_seen, last_seen, ports (|)\nc2.example, 1, 100, 2000-01-01, 2000-01-01,\n", "c2.example")]
    public void Proof_point_gives_its_first_column(string content, string expected)
    {
        var list = Read(content);
        Assert.Equal(ListFormat.ProofPoint, list.Format);
        Assert.Equal(expected.Split(' '), Entries(list));
        Assert.Equal(0, list.Rejected);
    }

    [Fact]
    public void Fire_eye_gives_the_columns_for_address_cidr_and_domain()
    {
        const string Header = "reportId, title, threatScape, audience, intelligenceType, publishDate, reportLink, webLink, emailIdentifier, senderAddress, " +
            "senderName, sourceDomain, sourceIp, subject, recipient, emailLanguage, fileName, fileSize, fuzzyHash, fileIdentifier, md5, sha1, sha256, " +
            "description, fileType, packer, userAgent, registry, fileCompilationDateTime, filePath, asn, cidr, domain, domainTimeOfLookup, " +
            "networkIdentifier, ip, port, protocol, registrantEmail, registrantName, networkType, url, malwareFamily, malwareFamilyId, actor, actorId, observationTime";
        var columns = Header.Split(", ");
        string Row(string column, string value) => "\"1\"," + string.Join(',', columns[1..].Select(c => string.Equals(c, column, StringComparison.Ordinal) ? value : ""));
        var list = Read(string.Join('\n', Header, Row("ip", "192.0.2.1"), Row("cidr", "198.51.100.0/24"), Row("domain", "\"c2.example\""), Row("sha256", new string('a', 64)), Row("url", "x")));
        Assert.Equal(ListFormat.FireEye, list.Format);
        Assert.Equal(["192.0.2.1", "198.51.100.0-198.51.100.255", "c2.example"], Entries(list));
        Assert.Equal(2, list.Rejected);
    }

    [Fact]
    public void A_format_can_be_named()
    {
        Assert.True(ListFormats.TryParse("otx-csv", out var format));
        Assert.Equal(ListFormat.OtxCsv, format);
        Assert.False(ListFormats.TryParse("pdf", out _));
        Assert.Equal(1, Read("198.51.100.1#4#2#Malicious Host#JP#Tokyo#35.6,139.7#3", ListFormat.Txt).Rejected);
    }

    [Fact]
    public void Limits_reject_and_say_so()
    {
        var list = Read("192.0.2.1\n192.0.2.2\n192.0.2.3\n" + new string('a', 100), limits: new(Bytes: 1_000, Entries: 2, LineLength: 50));
        Assert.Equal(2, list.Entries);
        Assert.Equal([new(3, "more than 2 entries"), new(4, "longer than 50 bytes")], list.FirstRejects);
    }

    [Fact]
    public void Only_the_first_rejected_lines_are_kept_and_all_are_counted()
    {
        var list = Read(string.Concat(Enumerable.Repeat("?\n", 1_000)));
        Assert.Equal(1_000, list.Rejected);
        Assert.Equal(ListLimits.ShownRejects, list.FirstRejects.Count);
    }

    [Fact]
    public void No_content_breaks_any_format() =>
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Enum<ListFormat>(), Pick("", "<a>", "ip,category\n", "Indicator type,b\n", "reportId,ip\n", "a#b#c#d#e#f#g#h\n")).Sample(
            (bytes, format, start) =>
            {
                var content = Encoding.UTF8.GetBytes(start).Concat(bytes).ToArray();
                ThreatListReader.Read("any", ThreatCategory.Malicious, content, format);
                ThreatListReader.Read("any", ThreatCategory.Malicious, content);
            }, iter: 5_000);

    [Theory]
    [InlineData("tor-exit-nodes.txt", 1_746, 0)]
    [InlineData("ipsum-level4.txt", 5_354, 0)]
    [InlineData("c2-cobaltstrike.txt.gz", 43_651, 1_818)]
    [InlineData("c2-sliver.txt.gz", 7_984, 29)]
    [InlineData("mining-hosts-nocoin.txt", 313, 0)]
    [InlineData("mining-pools-maltrail.txt", 1_185, 0)]
    [InlineData("dynamic-dns-maltrail.txt.gz", 2_496, 0)]
    public void Real_lists_are_read_to_the_last_line(string file, int lines, int rejected)
    {
        var list = ThreatListReader.Read(file, ThreatCategory.Malicious, RealLogs.Read($"intel/{file}"));
        Assert.Equal((lines, rejected), (list.Entries + list.Rejected, list.Rejected));
    }
}
