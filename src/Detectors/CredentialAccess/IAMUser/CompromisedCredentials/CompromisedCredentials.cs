using Yagura.Core.Findings;
using Yagura.Intel;
using Yagura.Logs;

namespace Yagura.Detectors.CredentialAccess.IAMUser;

/// <summary>Any API called with an access key that a list of leaked keys names.</summary>
/// <remarks>Calls that failed count: whoever tries them holds the key.</remarks>
public sealed class CompromisedCredentials : Detector<ApiCall>
{
    private readonly LeakedKeyType _type = new("CredentialAccess:IAMUser/CompromisedCredentials");

    public override IReadOnlyList<TypeBinding> Types => [_type];

    public override void Detect(ApiCall call, Knowledge knowledge, IDetections found)
    {
        var key = call[ApiField.AccessKeyId];
        if (key.IsEmpty) return;
        var match = knowledge.Intel.FindKey(key);
        if (!match.Has(ThreatCategory.LeakedKey)) return;
        var evidence = ApiCallFacts.Evidence(match, ThreatCategory.LeakedKey);
        var names = string.Join(", ", evidence.Select(e => e.ThreatListName));
        var why = $"{Utf8.Text(call.Name)} was called with the access key {Utf8.Text(key)}, which is on the list of leaked keys {names}";
        found.Add(ApiCallFacts.AboutCaller(call, _type.Type, Severity.High, knowledge, why) with
        {
            ThreatIntelligence = evidence,
            AdditionalInfo = [new("threatListName", names)],
        });
    }

    private sealed record LeakedKeyType(string Name) : TypeBinding(Name)
    {
        public override string? Off(Knowledge knowledge) => (knowledge.Intel.KeyCategories & ThreatCategory.LeakedKey) == ThreatCategory.None ? "no list" : null;
    }
}
