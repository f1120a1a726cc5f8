using System.Text;
using System.Xml;

namespace Yagura.Intel;

/// <summary>Reads STIX 1.x packages: addresses and names of their CybOX objects, wherever they stand.</summary>
/// <remarks><code>
/// &lt;cybox:Properties xsi:type="AddressObj:AddressObjectType" category="ipv4-addr">
///   &lt;AddressObj:Address_Value condition="InclusiveBetween">192.0.2.0##comma##192.0.2.31&lt;/AddressObj:Address_Value>
/// </code>
/// <c>##comma##</c> divides the two ends of a range, or several values. No DTD, no entity, nothing fetched; reading goes element by element.</remarks>
internal static class StixXml
{
    private const string Divider = "##comma##";
    private const string SchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";

    public static void Read(ReadOnlySpan<byte> content, EntryReader entries)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        using var xml = XmlReader.Create(new MemoryStream(content.ToArray(), writable: false), settings);
        try
        {
            var type = "";
            var category = "";
            while (xml.Read())
            {
                if (xml.NodeType != XmlNodeType.Element) continue;
                switch (xml.LocalName)
                {
                    case "Properties":
                        type = xml.GetAttribute("type", SchemaInstance) ?? "";
                        category = xml.GetAttribute("category") ?? "";
                        break;
                    case "Address_Value" when type.Contains("Address", StringComparison.Ordinal):
                        ReadAddress(xml, category, entries);
                        break;
                    case "Value" when type.Contains("DomainName", StringComparison.Ordinal):
                        ReadValues(xml, entries);
                        break;
                    case "Simple_Hash_Value":
                        entries.Reject(Line(xml), "a file hash, which no analysed log carries");
                        break;
                }
            }
        }
        catch (XmlException broken)
        {
            entries.Reject(broken.LineNumber, "not well-formed XML from here on (document types are refused)");
        }
    }

    private static void ReadAddress(XmlReader xml, string category, EntryReader entries)
    {
        var line = Line(xml);
        if (category is not ("" or "ipv4-addr" or "ipv6-addr" or "ipv4-net" or "ipv6-net" or "cidr"))
        {
            entries.Reject(line, "an address that is not an internet address");
            return;
        }
        if (xml.GetAttribute("condition") is not "InclusiveBetween")
        {
            ReadValues(xml, entries);
            return;
        }
        var ends = Text(xml).Split(Divider);
        if (ends.Length == 2 && AddressRange.TryBetween(Encoding.UTF8.GetBytes(ends[0].Trim()), Encoding.UTF8.GetBytes(ends[1].Trim()), out var range))
            entries.Address(range, line);
        else entries.Reject(line, $"not low{Divider}high");
    }

    private static void ReadValues(XmlReader xml, EntryReader entries)
    {
        var line = Line(xml);
        foreach (var value in Text(xml).Split(Divider)) entries.Any(Encoding.UTF8.GetBytes(value.Trim()), line);
    }

    /// <summary>The text of the current element, leaving the reader on its end so that the loop's next step misses nothing.</summary>
    private static string Text(XmlReader xml)
    {
        if (xml.IsEmptyElement) return "";
        var text = new StringBuilder();
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA) text.Append(xml.Value);
        }
        return text.ToString();
    }

    private static int Line(XmlReader xml) => ((IXmlLineInfo)xml).LineNumber;
}
