namespace Yagura.Simulation.World;

/// <summary>Words that names are made of; all invented or plain.</summary>
internal static class Names
{
    public static readonly string[] Things =
    [
        "orders", "billing", "catalog", "search", "payments", "ledger", "reports", "media", "mailer", "gateway", "profile", "inventory",
        "shipping", "metrics", "archive", "frontend", "scheduler", "exports", "images", "sessions", "pricing", "returns", "loyalty", "forecast",
    ];

    public static readonly string[] People =
    [
        "aiko", "bruno", "chiara", "daan", "emi", "farid", "greta", "haruto", "ines", "jonas", "kaede", "lucia", "mateo", "noor", "olga", "pablo",
        "quinn", "rin", "sofia", "takumi", "uma", "viktor", "wanda", "ximena", "yuki", "zoe",
    ];

    public static readonly string[] Stages = ["prod", "stage", "dev", "shared"];

    /// <summary>Regions in the order in which accounts open them; the first is the home of the global services.</summary>
    public static readonly string[] Regions = ["us-east-1", "ap-northeast-1", "eu-west-1", "us-west-2", "eu-central-1", "ap-southeast-1"];
}
