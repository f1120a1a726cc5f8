using System.Globalization;
using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Detectors.Families;
using Yagura.Logs;

namespace Yagura.Detectors.Stealth.IAMUser;

/// <summary>The account's password policy was deleted or set to something weak.</summary>
/// <remarks>
/// The record holds the policy that was set, not the one before: what counts is how weak the account is now. An update resets everything it does
/// not mention to the default (six characters, no classes, no history). Source: IAM API reference, "UpdateAccountPasswordPolicy".
/// </remarks>
public sealed class PasswordPolicyChange() : ApiCallRule("iam.amazonaws.com", new TypeBinding("Stealth:IAMUser/PasswordPolicyChange"))
{
    /// <summary>Characters that a policy must ask for to be quiet; the CIS AWS Foundations Benchmark asks for as many.</summary>
    public const int StrongLength = 14;

    /// <summary>Characters below which a policy is weak whatever else it asks for.</summary>
    public const int WeakLength = 8;

    private const int DefaultLength = 6;

    private static readonly string[] Classes = ["requireUppercaseCharacters", "requireLowercaseCharacters", "requireNumbers", "requireSymbols"];

    public override IReadOnlyList<string> EventNames { get; } = ["DeleteAccountPasswordPolicy", "UpdateAccountPasswordPolicy"];

    protected override Detection? Judge(ApiCall call, JsonElement request, Knowledge knowledge)
    {
        if (call.Name.SequenceEqual("DeleteAccountPasswordPolicy"u8))
            return ApiCallFacts.AboutCaller(call, Types[0].Type, Severity.High, knowledge, "the password policy of the account was deleted");

        var length = int.TryParse(request.Text("minimumPasswordLength"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : DefaultLength;
        var classes = Classes.Count(name => request.Flag(name) == true);
        var severity = length < WeakLength || classes < 2 ? Severity.Medium
            : length < StrongLength || classes < Classes.Length ? Severity.Low
            : (Severity?)null;
        return severity is null ? null : ApiCallFacts.AboutCaller(call, Types[0].Type, severity.Value, knowledge,
            $"the password policy of the account now asks for {length} characters and {classes} of 4 character classes");
    }
}
