using System.Globalization;
using Yagura.Core.Findings;

namespace Yagura.Cli.Explain;

internal enum Language { En, Ja }

/// <summary>The words of <c>yagura explain</c>, beside what the finding itself says, which is English.</summary>
internal abstract class Words
{
    public static Words Of(Language language) => language == Language.Ja ? new JapaneseWords() : new EnglishWords();

    public abstract string Finding { get; }
    public abstract string Account { get; }
    public abstract string Resource { get; }
    public abstract string Actor { get; }
    public abstract string Action { get; }
    public abstract string Lists { get; }
    public abstract string Seen { get; }
    public abstract string Why { get; }
    public abstract string Suppressed { get; }
    public abstract string Steps { get; }
    public abstract string Score { get; }
    public abstract string Sum { get; }
    public abstract string Compared { get; }
    public abstract string Behaviour { get; }
    public abstract string Calls { get; }
    public abstract string Learning { get; }
    public abstract string Quiet { get; }
    public abstract string Evidence { get; }
    public abstract string Guide { get; }
    public abstract string NoGuide { get; }
    public abstract string GuideInEnglish { get; }
    public abstract string NewCaller { get; }
    public abstract string Often { get; }
    public abstract string Sometimes { get; }
    public abstract string Rarely { get; }
    public abstract string Unusual { get; }

    public abstract string Level(Severity severity);
    public abstract string Span(string first, string last, long count, bool isEstimate);
    public abstract string Reached(string score, string threshold, string unit);
    public abstract string LevelOf(string level);
    public abstract string DaysSeen(Comparison compared);
    public abstract string Usual(Quantiles usual);
    public abstract string KindAt(BehaviourKind kind, BehaviourScope scope);
    public abstract string Volume(CallVolume volume);
    public abstract string Known(LearningProgress history);
    public abstract string Records(int shown, long count);

    /// <summary>Amounts as people read them: two places where they are small, none where they are large.</summary>
    protected static string Amount(double amount) => amount.ToString(Math.Abs(amount) < 100 ? "#,0.##" : "#,0", CultureInfo.InvariantCulture);

    protected static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

internal sealed class EnglishWords : Words
{
    public override string Finding => "finding";
    public override string Account => "account";
    public override string Resource => "resource";
    public override string Actor => "by";
    public override string Action => "action";
    public override string Lists => "lists";
    public override string Seen => "seen";
    public override string Why => "why";
    public override string Suppressed => "suppressed";
    public override string Steps => "Step by step";
    public override string Score => "How strange it is";
    public override string Sum => "in all";
    public override string Compared => "What it was compared with";
    public override string Behaviour => "What is usual";
    public override string Calls => "calls in 24 hours";
    public override string Learning => "How much is known";
    public override string Quiet => "What would make it quiet";
    public override string Evidence => "Evidence";
    public override string Guide => "Guide";
    public override string NoGuide => "There is no guide for this type.";
    public override string GuideInEnglish => "";
    public override string NewCaller => "the caller itself has not been seen here before";
    public override string Often => "often";
    public override string Sometimes => "sometimes";
    public override string Rarely => "rarely";
    public override string Unusual => "not usual";

    public override string Level(Severity severity) => severity.ToString();

    public override string Span(string first, string last, long count, bool isEstimate) =>
        $"{(first == last ? first : $"{first} to {last}")} UTC, {(isEstimate ? "about " : "")}{(count == 1 ? "once" : $"{count:N0} times")}";

    public override string Reached(string score, string threshold, string unit) => $"{score} {unit}; from {threshold} on it is a finding.";

    public override string LevelOf(string level) => level == "userIdentity" ? "identity" : level;

    public override string DaysSeen(Comparison compared) => compared switch
    {
        { DaysSeen: null } => "nobody counted",
        { DaysSeen: 0 } => $"never on {compared.Days:N0} days",
        _ => $"on {compared.DaysSeen:N0} of {compared.Days:N0} days" + (compared.FirstSeen is { } first ? $", first {Day(first)}" : ""),
    };

    public override string Usual(Quantiles usual) => usual.Count == 0 ? $"no {usual.Unit} before"
        : $"median {Amount(usual.Median)}, nine in ten up to {Amount(usual.P90)}, most {Amount(usual.Most)} {usual.Unit} (of {usual.Count:N0})";

    public override string KindAt(BehaviourKind kind, BehaviourScope scope)
    {
        var what = kind switch
        {
            BehaviourKind.Apis => "APIs",
            BehaviourKind.UserTypes => "types of callers",
            BehaviourKind.UserNames => "callers",
            BehaviourKind.Asns => "networks",
            BehaviourKind.UserAgents => "user agents",
            _ => "buckets",
        };
        return $"{what} of the {scope switch { BehaviourScope.UserIdentity => "identity", BehaviourScope.Bucket => "bucket", _ => "account" }}";
    }

    public override string Volume(CallVolume volume)
    {
        var whose = volume.Scope switch { VolumeScope.Bucket => "all to the bucket", VolumeScope.BucketUserIdentity => "the identity's to the bucket", _ => "the identity's to all buckets" };
        return $"{volume.Past24Hours:N0}, {whose}; {Amount(volume.DailyAverage)} a day before, {volume.DailyMost:N0} at most";
    }

    public override string Known(LearningProgress history)
    {
        var since = history.Since is { } first ? $", the first on {Day(first)}" : "";
        return $"Records on {history.Days:N0} of the {history.Window:N0} days before{since}. " + (history.IsComplete
            ? $"{history.Needed:N0} are enough to go by its own history."
            : $"Its own history decides from {history.Needed:N0} days on; until then its peers, the account and the world do.");
    }

    public override string Records(int shown, long count) => shown >= count ? $"{shown:N0} {(shown == 1 ? "record" : "records")}" : $"{shown:N0} of {count:N0} records";
}

internal sealed class JapaneseWords : Words
{
    public override string Finding => "検出結果 ID";
    public override string Account => "アカウント";
    public override string Resource => "リソース";
    public override string Actor => "実行元";
    public override string Action => "アクション";
    public override string Lists => "脅威リスト";
    public override string Seen => "観測期間";
    public override string Why => "検出理由";
    public override string Suppressed => "抑制済み";
    public override string Steps => "攻撃の流れ";
    public override string Score => "異常度";
    public override string Sum => "合計";
    public override string Compared => "通常時との比較";
    public override string Behaviour => "普段の傾向";
    public override string Calls => "過去 24 時間の呼び出し";
    public override string Learning => "学習状況";
    public override string Quiet => "この検出が出なくなる条件";
    public override string Evidence => "根拠となるログ";
    public override string Guide => "対応ガイド";
    public override string NoGuide => "この検出タイプのガイドはまだありません。";
    public override string GuideInEnglish => "このガイドは英語版のみです。";
    public override string NewCaller => "この呼び出し元は、これまで一度も観測されていません";
    public override string Often => "頻繁";
    public override string Sometimes => "ときどき";
    public override string Rarely => "まれ";
    public override string Unusual => "普段と異なる";

    public override string Level(Severity severity) => severity switch
    {
        Severity.Critical => "重大",
        Severity.High => "高",
        Severity.Medium => "中",
        _ => "低",
    };

    public override string Span(string first, string last, long count, bool isEstimate) =>
        $"{(first == last ? first : $"{first} ～ {last}")} UTC、{(isEstimate ? "約 " : "")}{count:N0} 回";

    public override string Reached(string score, string threshold, string unit) => $"{score} {Unit(unit)}（{threshold} 以上で検出）";

    public override string LevelOf(string level) => level switch
    {
        "userIdentity" => "自身",
        "peers" => "同じグループ",
        "account" => "アカウント",
        "world" => "一般的な傾向",
        "instance" => "インスタンス",
        "bucket" => "バケット",
        _ => level,
    };

    public override string DaysSeen(Comparison compared) => compared switch
    {
        { DaysSeen: null } => "集計なし",
        { DaysSeen: 0 } => $"{compared.Days:N0} 日間で一度もなし",
        _ => $"{compared.Days:N0} 日中 {compared.DaysSeen:N0} 日" + (compared.FirstSeen is { } first ? $"（初回 {Day(first)}）" : ""),
    };

    public override string Usual(Quantiles usual) => usual.Count == 0 ? "これまで記録なし"
        : $"中央値 {Amount(usual.Median)}、90% が {Amount(usual.P90)} 以下、最大 {Amount(usual.Most)}（{usual.Count:N0} 件、単位: {usual.Unit}）";

    public override string KindAt(BehaviourKind kind, BehaviourScope scope)
    {
        var what = kind switch
        {
            BehaviourKind.Apis => "API",
            BehaviourKind.UserTypes => "呼び出し元の種類",
            BehaviourKind.UserNames => "呼び出し元",
            BehaviourKind.Asns => "ネットワーク",
            BehaviourKind.UserAgents => "ユーザーエージェント",
            _ => "バケット",
        };
        return $"{what}（{scope switch { BehaviourScope.UserIdentity => "自身", BehaviourScope.Bucket => "バケット", _ => "全体" }}）";
    }

    public override string Volume(CallVolume volume)
    {
        var whose = volume.Scope switch { VolumeScope.Bucket => "バケット全体", VolumeScope.BucketUserIdentity => "この呼び出し元からバケットへ", _ => "この呼び出し元から全バケットへ" };
        return $"{whose}: {volume.Past24Hours:N0} 回（以前は 1 日平均 {Amount(volume.DailyAverage)} 回、最大 {volume.DailyMost:N0} 回）";
    }

    public override string Known(LearningProgress history)
    {
        var since = history.Since is { } first ? $"（最初の記録は{Day(first)}）" : "";
        // Without spaces within, for a line is broken at them.
        return $"直前の{history.Window:N0}日間のうち、{history.Days:N0}日分の記録があります{since}。" + (history.IsComplete
            ? $"必要な{history.Needed:N0}日を満たしているため、自身の履歴をもとに判定しています。"
            : $"自身の履歴での判定には{history.Needed:N0}日分が必要です。それまでは、同じグループ、アカウント全体、一般的な傾向をもとに判定します。");
    }

    public override string Records(int shown, long count) => shown >= count ? $"{shown:N0} 件" : $"{count:N0} 件中 {shown:N0} 件";

    private static string Unit(string unit) => unit switch
    {
        "bits" => "ビット",
        "bits of evidence" => "ビット（証拠の強さ）",
        "share" => "（最大 1）",
        "addresses" => "アドレス",
        "bytes" => "バイト",
        "guesses" => "回の試行",
        "packets" => "パケット",
        "ports" => "ポート",
        _ => unit,
    };
}
