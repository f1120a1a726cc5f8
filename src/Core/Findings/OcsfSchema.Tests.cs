using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Yagura.Tests.Core.Findings;

/// <summary>The part of OCSF that we write, as a table, and a check of an event against it.</summary>
/// <remarks>An attribute that is not in the table is a misfit: OCSF does not know it there, or the table has yet to learn it from the schema.
/// Source of the facts: github.com/ocsf/ocsf-schema, tag v1.1.0.</remarks>
internal static partial class OcsfSchema
{
    public const string Version = "1.1.0";

    // One object a block, its attributes below it: name, type and, for an enum, its numbers and captions; columns are two spaces apart.
    // "!" is required, "[]" an array, "@" the profile that brings the attribute, "caption" the text that belongs to the number of another one.
    private const string Table = """
        detection_finding
          activity_id!         integer  0 Unknown, 1 Create, 2 Update, 3 Close, 99 Other
          activity_name        caption activity_id
          category_uid!        integer  2 Findings
          category_name        caption category_uid
          class_uid!           integer  2004 Detection Finding
          class_name           caption class_uid
          type_uid!            long  200400 Detection Finding: Unknown, 200401 Detection Finding: Create, 200402 Detection Finding: Update, 200403 Detection Finding: Close, 200499 Detection Finding: Other
          type_name            caption type_uid
          time!                timestamp
          start_time           timestamp
          end_time             timestamp
          count                integer
          severity_id!         integer  0 Unknown, 1 Informational, 2 Low, 3 Medium, 4 High, 5 Critical, 6 Fatal, 99 Other
          severity             caption severity_id
          status_id            integer  0 Unknown, 1 New, 2 In Progress, 3 Suppressed, 4 Resolved, 99 Other
          status               caption status_id
          message              string
          metadata!            metadata
          cloud!@cloud         cloud
          finding_info!        finding_info
          resources            resource_details[]
          evidences            evidences[]
          enrichments          enrichment[]
          observables          observable[]
          unmapped             json

        metadata
          version!             string
          product!             product
          profiles             string[]
          uid                  string

        product, any of name uid
          name                 string
          uid                  string
          vendor_name!         string
          version              string

        cloud
          provider!            string
          region               string
          account              account

        account, any of name uid
          name                 string
          uid                  string
          type_id              integer  0 Unknown, 1 LDAP Account, 2 Windows Account, 3 AWS IAM User, 4 AWS IAM Role, 5 GCP Account, 6 Azure AD Account, 7 Mac OS Account, 8 Apple Account, 9 Linux Account, 10 AWS Account, 99 Other
          type                 caption type_id

        finding_info
          uid!                 string
          title!               string
          desc                 string
          types                string[]
          created_time         timestamp
          modified_time        timestamp
          first_seen_time      timestamp
          last_seen_time       timestamp
          data_sources         string[]
          analytic             analytic
          attacks              attack[]

        analytic, any of name uid
          name                 string
          uid                  string
          type_id!             integer  0 Unknown, 1 Rule, 2 Behavioral, 3 Statistical, 4 Learning (ML/DL), 99 Other
          type                 caption type_id

        attack, any of tactic technique sub_technique
          version              string
          technique            technique
          sub_technique        sub_technique

        technique, any of name uid
          uid                  string

        sub_technique, any of name uid
          uid                  string

        resource_details, any of name uid
          type                 string
          uid                  string
          name                 string
          region@cloud         string
          cloud_partition@cloud  string
          labels               string[]

        evidences, any of actor api connection_info data dst_endpoint file process query src_endpoint
          actor                actor
          api                  api
          connection_info      network_connection_info
          data                 json
          dst_endpoint         network_endpoint
          query                dns_query
          src_endpoint         network_endpoint

        actor, any of process user invoked_by session
          user                 user

        user, any of account name uid
          name                 string
          uid                  string
          type_id              integer  0 Unknown, 1 User, 2 Admin, 3 System, 99 Other
          type                 caption type_id
          credential_uid       string

        api
          operation!           string
          service              service
          response             response

        service, any of name uid
          name                 string

        response
          error                string

        network_connection_info
          direction_id!        integer  0 Unknown, 1 Inbound, 2 Outbound, 3 Lateral, 99 Other
          direction            caption direction_id
          protocol_name        string

        network_endpoint, any of ip uid name hostname svc_name instance_uid interface_uid interface_name
          ip                   ip
          port                 port
          svc_name             string
          interface_uid        string
          location             location

        location, any of coordinates city country postal_code region
          coordinates          float[]
          country              string
          city                 string

        dns_query
          hostname!            hostname

        enrichment
          name!                string
          value!               string
          type                 string
          data!                json

        observable
          name!                string
          type_id!             integer  0 Unknown, 1 Hostname, 2 IP Address, 3 MAC Address, 4 User Name, 5 Email Address, 6 URL String, 7 File Name, 8 Hash, 9 Process Name, 10 Resource UID, 99 Other
          type                 caption type_id
          value                string
        """;

    private static readonly Dictionary<string, Shape> Shapes = Table.ReplaceLineEndings("\n").Split("\n\n").Select(Shape.Parse).ToDictionary(shape => shape.Name);

    /// <summary>A host name as OCSF takes it: letters, digits and hyphens between dots.</summary>
    [GeneratedRegex(@"^(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]*[a-zA-Z0-9])\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9\-]*[A-Za-z0-9])$")]
    private static partial Regex HostName { get; }

    /// <summary>Everything in a detection finding that is not as the schema has it, each with its path; none where all is well.</summary>
    public static IReadOnlyList<string> Misfits(JsonElement finding)
    {
        var profiles = finding.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("profiles", out var list) ? list.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
        return [.. OfObject(finding, Shapes["detection_finding"], "", profiles!), .. OfEvent(finding)];
    }

    // What holds between attributes.
    private static IEnumerable<string> OfEvent(JsonElement finding)
    {
        if (finding.GetProperty("metadata").GetProperty("version").GetString() != Version) yield return $"metadata.version: not {Version}";
        if (finding.GetProperty("type_uid").GetInt64() != finding.GetProperty("class_uid").GetInt64() * 100 + finding.GetProperty("activity_id").GetInt64()) yield return "type_uid: not class and activity";
        foreach (var list in (string[])["observables", "enrichments"])
        {
            foreach (var pointer in finding.TryGetProperty(list, out var some) ? some.EnumerateArray() : default)
            {
                var (path, value) = (pointer.GetProperty("name").GetString()!, pointer.GetProperty("value").GetString());
                if (!At(finding, path.Split('.')).Contains(value)) yield return $"{list}: nothing at {path} is {value}";
            }
        }
    }

    private static IEnumerable<string?> At(JsonElement element, ReadOnlyMemory<string> path)
    {
        if (element.ValueKind == JsonValueKind.Array) return element.EnumerateArray().SelectMany(item => At(item, path)).ToList();
        if (path.IsEmpty) return [element.GetString()];
        var name = path.Span[0];
        return element.TryGetProperty(name.EndsWith("[]", StringComparison.Ordinal) ? name[..^2] : name, out var inner) ? At(inner, path[1..]) : [];
    }

    private static IEnumerable<string> OfObject(JsonElement element, Shape shape, string path, IReadOnlySet<string> profiles)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            yield return $"{path}: no object";
            yield break;
        }
        var present = element.EnumerateObject().Select(member => member.Name).ToHashSet();
        if (present.Count != element.EnumerateObject().Count()) yield return $"{path}: a name twice";
        if (shape.AnyOf.Count > 0 && !present.Overlaps(shape.AnyOf)) yield return $"{path}: none of {string.Join(", ", shape.AnyOf)}";
        foreach (var attribute in shape.Attributes.Values.Where(attribute => attribute.Required && !present.Contains(attribute.Name)))
        {
            if (attribute.Profile is null || profiles.Contains(attribute.Profile)) yield return $"{path}{attribute.Name}: missing";
        }
        foreach (var member in element.EnumerateObject())
        {
            var at = $"{path}{member.Name}";
            if (!shape.Attributes.TryGetValue(member.Name, out var attribute))
            {
                yield return $"{at}: not in {shape.Name}";
                continue;
            }
            if (attribute.Profile is { } profile && !profiles.Contains(profile)) yield return $"{at}: without the profile {profile}";
            if (attribute.Type.StartsWith("caption ", StringComparison.Ordinal))
            {
                if (!IsCaption(element, shape, attribute.Type["caption ".Length..], member.Value)) yield return $"{at}: not the caption of its number";
            }
            else if (!attribute.IsArray)
            {
                foreach (var misfit in OfValue(member.Value, attribute, at, profiles)) yield return misfit;
            }
            else if (member.Value.ValueKind != JsonValueKind.Array || member.Value.GetArrayLength() == 0)
            {
                yield return $"{at}: no array with something in it";
            }
            else
            {
                foreach (var misfit in member.Value.EnumerateArray().SelectMany(item => OfValue(item, attribute, $"{at}[]", profiles))) yield return misfit;
            }
        }
    }

    // With number 99, "other", the text is the source's own.
    private static bool IsCaption(JsonElement element, Shape shape, string sibling, JsonElement caption) =>
        element.TryGetProperty(sibling, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var id) && (id == 99 || shape.Attributes[sibling].Captions.GetValueOrDefault(id) == caption.GetString());

    private static IEnumerable<string> OfValue(JsonElement value, Attribute attribute, string path, IReadOnlySet<string> profiles)
    {
        if (Shapes.TryGetValue(attribute.Type, out var shape)) return OfObject(value, shape, path + ".", profiles);
        var isNumber = value.ValueKind == JsonValueKind.Number;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var fits = attribute.Type switch
        {
            "json" => value.ValueKind != JsonValueKind.Undefined,
            "integer" => isNumber && value.TryGetInt32(out _),
            "long" or "timestamp" => isNumber && value.TryGetInt64(out _),
            "float" => isNumber,
            "port" => isNumber && value.TryGetInt32(out var port) && port is >= 0 and <= 65535,
            "string" => text is { Length: <= 65535 },
            "ip" => text is { Length: <= 40 } && IPAddress.TryParse(text, out _),
            "hostname" => text is not null && HostName.IsMatch(text),
            _ => throw new InvalidOperationException($"{path}: the table does not say what {attribute.Type} is"),
        };
        if (!fits) return [$"{path}: no {attribute.Type}"];
        return attribute.Captions.Count > 0 && !attribute.Captions.ContainsKey(value.GetInt64()) ? [$"{path}: not in the enum"] : [];
    }

    private sealed record Shape(string Name, IReadOnlyCollection<string> AnyOf, IReadOnlyDictionary<string, Attribute> Attributes)
    {
        public static Shape Parse(string block)
        {
            var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var head = lines[0].Split(", any of ");
            return new(head[0], head.Length > 1 ? head[1].Split(' ') : [], lines.Skip(1).Select(Attribute.Parse).ToDictionary(attribute => attribute.Name));
        }
    }

    private sealed record Attribute(string Name, string Type, bool IsArray, bool Required, string? Profile, IReadOnlyDictionary<long, string> Captions)
    {
        public static Attribute Parse(string line)
        {
            var cells = line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var name = cells[0].Split('@');
            var captions = cells.Length < 3 ? [] : cells[2].Split(", ").Select(one => one.Split(' ', 2)).ToDictionary(one => long.Parse(one[0], CultureInfo.InvariantCulture), one => one[1]);
            return new(name[0].TrimEnd('!'), cells[1].Replace("[]", "", StringComparison.Ordinal), cells[1].EndsWith("[]", StringComparison.Ordinal),
                name[0].EndsWith('!'), name.Length > 1 ? name[1] : null, captions);
        }
    }
}
