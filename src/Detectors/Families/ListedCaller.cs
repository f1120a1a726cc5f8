using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Intel;
using Yagura.Logs;
using Yagura.Logs.S3Access;

namespace Yagura.Detectors.Families;

/// <summary>An API call from an address on a threat list. Which type it is depends on the list and on what the call does.</summary>
/// <remarks>
/// A Tor exit is on most general lists because it is one, so a call from it is reported as Tor and not as a malicious address as well;
/// the organisation's own list is reported besides. Calls that failed count: whoever tries from there has the key.
/// Blind spots: callers behind an AWS service or a VPC endpoint, whose own address the log does not hold.
/// </remarks>
public sealed class ListedCaller(IReadOnlyList<ListedCallerType> types) : Detector<ApiCall>
{
    /// <summary>Lists whose addresses have no honest reason to call an AWS API.</summary>
    public const ThreatCategory MaliciousCaller =
        ThreatCategory.Malicious | ThreatCategory.CommandAndControl | ThreatCategory.Scanner | ThreatCategory.DropPoint | ThreatCategory.Phishing;

    public override IReadOnlyList<TypeBinding> Types => types;

    public override void Detect(ApiCall call, Knowledge knowledge, IDetections found)
    {
        var match = knowledge.Intel.Find(call.Address);
        if (match.IsNothing) return;
        var categories = match.Categories;
        if (match.Has(ThreatCategory.TorExit)) categories &= ~MaliciousCaller;
        var kind = KindOf(call);
        foreach (var type in types)
        {
            if ((type.Kinds & kind) == CallKinds.None || (type.Categories & categories) == ThreatCategory.None) continue;
            var why = $"{Utf8.Text(call.Name)} was called from {call.Address}, which is on {Names(match, type.Categories)}";
            var detection = (kind & CallKinds.S3Data) != CallKinds.None
                ? ApiCallFacts.AboutBucket(call, type.Type, type.Severity, ResourceType.S3Bucket, knowledge, why)
                : ApiCallFacts.AboutCaller(call, type.Type, type.Severity, knowledge, why);
            if (detection is null) continue;
            found.Add(detection with
            {
                ThreatIntelligence = ApiCallFacts.Evidence(match, type.Categories),
                AdditionalInfo = [new("threatListName", ListNames(match, type.Categories))],
            });
        }
    }

    private static CallKinds KindOf(ApiCall call) => ApiCallFacts.S3Kind(call) switch
    {
        S3OperationKind.Discovery => CallKinds.S3Discovery,
        S3OperationKind.Read => CallKinds.S3Read,
        S3OperationKind.Write => CallKinds.S3Write,
        _ => ApiCallFacts.IsRead(call) ? CallKinds.ManagementRead : CallKinds.ManagementChange,
    };

    private static string Names(ThreatMatch match, ThreatCategory categories) =>
        (match.Has(ThreatCategory.TorExit) && categories == ThreatCategory.TorExit ? "the Tor exit list " : "the threat list ") + ListNames(match, categories);

    private static string ListNames(ThreatMatch match, ThreatCategory categories) =>
        string.Join(", ", match.Lists.Where(l => (l.Category & categories) != ThreatCategory.None).Select(l => l.Name));
}

/// <summary>What an API call does, as far as the listed-caller types tell it apart.</summary>
[Flags]
public enum CallKinds
{
    None = 0,
    ManagementRead = 1,
    ManagementChange = 2,
    S3Discovery = 4,
    S3Read = 8,
    S3Write = 16,
    S3Data = S3Discovery | S3Read | S3Write,
}

/// <param name="Categories">Lists that raise the type.</param>
/// <param name="Kinds">Calls that raise it.</param>
public sealed record ListedCallerType(FindingType Type, ThreatCategory Categories, CallKinds Kinds, Severity Severity) : TypeBinding(Type)
{
    public override string? Off(Knowledge knowledge) => (knowledge.Intel.AddressCategories & Categories) == ThreatCategory.None ? "no list" : null;
}
