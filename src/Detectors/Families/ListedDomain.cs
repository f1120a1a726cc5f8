using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Intel;
using Yagura.Logs;

namespace Yagura.Detectors.Families;

/// <summary>An instance asks the VPC resolver for a name that is on a list, or under one that is.</summary>
/// <remarks>Blind spots: queries that do not go through the resolver (a hard-coded server, DNS over HTTPS), names nobody has listed yet.</remarks>
public sealed class ListedDomain(IReadOnlyList<ListedDomainType> types) : Detector<DnsQuery>
{
    private readonly ThreatCategory _answerCategories = types.Aggregate(ThreatCategory.None, (all, type) => all | type.AnswerCategories);

    public override IReadOnlyList<TypeBinding> Types => types;

    public override void Detect(DnsQuery query, Knowledge knowledge, IDetections found)
    {
        var match = knowledge.Intel.FindDomain(query.Name);
        var answer = AnswerMatch(query, knowledge.Intel);
        if (match.IsNothing && answer.IsNothing) return;
        foreach (var type in types)
        {
            var byName = (type.Categories & match.Categories) != ThreatCategory.None;
            var byAnswer = (type.AnswerCategories & answer.Categories) != ThreatCategory.None;
            if (!byName && !byAnswer) continue;
            var evidence = byName ? ApiCallFacts.Evidence(match, type.Categories) : ApiCallFacts.Evidence(answer, type.AnswerCategories);
            var names = string.Join(", ", evidence.Select(e => e.ThreatListName));
            var domain = Utf8.Text(query.Name).ToLowerInvariant();
            found.Add(DnsFacts.Detection(query, type.Type, type.Severity, knowledge,
                byName ? $"{domain} is on the domain list {names}" : $"{domain} was answered with an address on the list {names}") with
            {
                ThreatIntelligence = evidence,
                AdditionalInfo = [new("threatListName", names), new("domain", domain)],
            });
        }
    }

    private ThreatMatch AnswerMatch(DnsQuery query, IntelSnapshot intel)
    {
        if ((intel.AddressCategories & _answerCategories) == ThreatCategory.None) return default;
        foreach (var address in DnsFacts.Answers(query))
        {
            var match = intel.Find(address);
            if (match.Has(_answerCategories)) return match;
        }
        return default;
    }
}

/// <param name="Categories">Domain lists that raise the type.</param>
public sealed record ListedDomainType(FindingType Type, ThreatCategory Categories, Severity Severity) : TypeBinding(Type)
{
    /// <summary>Address lists that raise the type when the answer holds one of their addresses.</summary>
    public ThreatCategory AnswerCategories { get; init; }

    public override string? Off(Knowledge knowledge) =>
        (knowledge.Intel.DomainCategories & Categories) == ThreatCategory.None && (knowledge.Intel.AddressCategories & AnswerCategories) == ThreatCategory.None
            ? "no list" : null;
}
