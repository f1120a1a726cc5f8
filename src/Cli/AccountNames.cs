using System.Text.Json;

namespace Yagura.Cli;

/// <summary>The organisation's accounts and what people call them.</summary>
internal sealed class AccountNames(IReadOnlyDictionary<string, string> names)
{
    public static AccountNames None { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal));

    public IReadOnlySet<string> Ids { get; } = names.Keys.ToHashSet(StringComparer.Ordinal);

    public string Label(string id) => names.TryGetValue(id, out var name) && name.Length > 0 ? $"{name} ({id})" : id;

    /// <summary>Reads the answer of <c>aws organizations list-accounts</c>, or lines of <c>111122223333,name</c> (comma, tab or space).</summary>
    /// <exception cref="UserError">The file cannot be read or holds something else.</exception>
    public static AccountNames Load(string path)
    {
        var text = Files.ReadText(path);
        return new AccountNames(text.TrimStart().StartsWith('{') ? FromJson(path, text) : FromLines(path, text));
    }

    private static Dictionary<string, string> FromJson(string path, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.GetProperty("Accounts").EnumerateArray().ToDictionary(
                account => account.GetProperty("Id").GetString()!, account => account.GetProperty("Name").GetString() ?? "", StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new UserError($"{path}: expected the output of `aws organizations list-accounts` ({e.Message})");
        }
    }

    private static Dictionary<string, string> FromLines(string path, string text)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            number++;
            if (line.Length == 0 || line[0] == '#') continue;
            var parts = line.Split([',', '\t', ' '], 2, StringSplitOptions.TrimEntries);
            if (parts[0].Length != 12 || !parts[0].All(char.IsAsciiDigit)) throw new UserError($"{path} line {number}: expected a 12-digit account id and a name");
            names[parts[0]] = parts.Length > 1 ? parts[1] : "";
        }
        return names;
    }
}
