using System.Globalization;
using Yagura.Core.Findings;

namespace Yagura.Engine.Baselines;

/// <summary>Says in a line what was out of the usual, and for whom.</summary>
internal static class InWords
{
    /// <summary>Bits from which a part is worth a mention.</summary>
    private const double Notable = 2;

    /// <param name="anomaly">Its parts in the order in which they are to be named.</param>
    /// <param name="why">What the threshold rests on.</param>
    public static string Of(Anomaly anomaly, string why)
    {
        var history = anomaly.History!;
        var notable = anomaly.Parts.Where(part => part.Score >= Notable && part.Compared.Count > 0).ToList();
        var (newToAccount, newToIdentity, seldom) = (new List<string>(), new List<string>(), new List<string>());
        List<string> sentences = [];
        if (history.Days == 0) sentences.Add($"{history.Entity} was never seen before.");
        foreach (var part in notable)
        {
            var (closest, widest) = (part.Compared[0], part.Compared.LastOrDefault(compared => compared.Level != "world"));
            if (closest.Usual is { } usual) sentences.Add(Text($"The {part.Feature} was {part.Seen}; {(usual.Count == 0 ? "never before were there any" : Text($"on {usual.Count} earlier days it was at most {usual.Most:N0}"))}."));
            else if (widest is null) sentences.Add($"{part.Feature} {part.Seen}: {closest.Whom}.");
            else if (part.Feature == "identity") continue;
            else if (widest is { Level: "account", DaysSeen: 0 }) newToAccount.Add($"{part.Feature} {part.Seen}");
            else if (closest.DaysSeen == 0) newToIdentity.Add($"{part.Feature} {part.Seen}");
            else seldom.Add(Text($"{part.Feature} {part.Seen} (on {closest.DaysSeen} of {closest.Days} days)"));
        }
        if (newToAccount.Count > 0)
        {
            var account = notable.SelectMany(part => part.Compared).First(compared => compared.Level == "account");
            sentences.Insert(0, Text($"Nobody in account {account.Whom} on the {account.Days} days known before: {string.Join(", ", newToAccount)}."));
        }
        if (history.Days > 0)
        {
            var known = history.IsComplete ? Text($"{history.Days} days known") : Text($"only {history.Days} of {history.Needed} days known");
            if (newToIdentity.Count > 0) sentences.Add($"Never before by {history.Entity} ({known}): {string.Join(", ", newToIdentity)}.");
            if (seldom.Count > 0) sentences.Add($"Seldom by {history.Entity} ({known}): {string.Join(", ", seldom)}.");
        }
        sentences.AddRange(anomaly.Parts.Where(part => part.Compared.Count == 0).Select(part => $"The {part.Feature} was {part.Seen}."));
        sentences.Add(Text($"In all {anomaly.Score:0.0} bits of surprise; told from {anomaly.Threshold:0.0} ({why})."));
        return string.Join(' ', sentences);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
