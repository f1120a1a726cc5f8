using System.Text.Json;

namespace Yagura.Api.Wire;

/// <summary>A JSON object of a request, read member by member. A member that is null counts as absent, one that nobody asks for is passed over.</summary>
/// <remarks>Each method refuses what does not fit with the member's path; lengths are in characters, bounds included.</remarks>
internal readonly struct Fields
{
    private readonly JsonElement _object;
    private readonly string _path;

    private Fields(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Object) throw path.Length == 0 ? Refuse.NotJson() : Refuse.Invalid(path, "an object is expected");
        (_object, _path) = (element, path);
    }

    public static Fields Of(JsonElement body) => new(body, "");

    public bool Has(string name) => Member(name) is not null;

    public string Text(string name, int least = 1, int most = 300) => TextOrNull(name, least, most) ?? throw Refuse.Missing(PathOf(name));

    public string? TextOrNull(string name, int least = 1, int most = 300) => Member(name) is { } member ? TextOf(member, PathOf(name), least, most) : null;

    public string Choice(string name, IReadOnlyCollection<string> allowed) => ChoiceOrNull(name, allowed) ?? throw Refuse.Missing(PathOf(name));

    public string? ChoiceOrNull(string name, IReadOnlyCollection<string> allowed) =>
        TextOrNull(name) is not { } text ? null : allowed.Contains(text, StringComparer.Ordinal) ? text : throw Refuse.Invalid(PathOf(name), $"it is one of {string.Join(", ", allowed)}");

    public bool Flag(string name) => FlagOrNull(name) ?? throw Refuse.Missing(PathOf(name));

    public bool? FlagOrNull(string name) => Member(name)?.ValueKind switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Refuse.Invalid(PathOf(name), "true or false is expected"),
    };

    public int? NumberOrNull(string name, int least, int most)
    {
        if (Member(name) is not { } member) return null;
        return member.ValueKind == JsonValueKind.Number && member.TryGetInt32(out var number) && number >= least && number <= most
            ? number : throw Refuse.Invalid(PathOf(name), $"a whole number from {least} to {most} is expected");
    }

    public long? WholeOrNull(string name) => Member(name) is not { } member ? null
        : member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var number) ? number : throw Refuse.Invalid(PathOf(name), "a whole number is expected");

    public Fields Object(string name) => ObjectOrNull(name) ?? throw Refuse.Missing(PathOf(name));

    public Fields? ObjectOrNull(string name) => Member(name) is { } member ? new(member, PathOf(name)) : null;

    public IReadOnlyList<Fields> Objects(string name, int least = 0, int most = 50)
    {
        var path = PathOf(name);
        return [.. Items(name, least, most).Select((item, index) => new Fields(item, $"{path}[{index}]"))];
    }

    /// <summary>The texts of a list; empty where it is absent and may be.</summary>
    public IReadOnlyList<string> Texts(string name, int least = 0, int most = 50, int shortest = 1, int longest = 300)
    {
        var path = PathOf(name);
        return [.. Items(name, least, most).Select((item, index) => TextOf(item, $"{path}[{index}]", shortest, longest))];
    }

    /// <summary>A list of twelve-digit account ids, each once.</summary>
    public IReadOnlyList<string> Accounts(string name = "accountIds")
    {
        var accounts = Texts(name, 1, 50);
        return accounts.All(IsAccount) ? [.. accounts.Distinct(StringComparer.Ordinal)] : throw Refuse.Invalid(PathOf(name), "an account id has 12 digits");
    }

    public string Account(string name) => Text(name) is var text && IsAccount(text) ? text : throw Refuse.Invalid(PathOf(name), "an account id has 12 digits");

    /// <summary>The members of an object whose values are texts.</summary>
    public IReadOnlyDictionary<string, string> Map(string name)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (ObjectOrNull(name) is not { } fields) return map;
        foreach (var member in fields._object.EnumerateObject()) map[member.Name] = TextOf(member.Value, $"{fields._path}.{member.Name}", 0, 1000);
        return map;
    }

    /// <summary>The names of the members.</summary>
    public IEnumerable<string> Names() => _object.EnumerateObject().Select(member => member.Name);

    /// <summary>The object as it was sent.</summary>
    public string Json => _object.GetRawText();

    public AwsException Invalid(string name, string? reason = null) => Refuse.Invalid(PathOf(name), reason);

    private static bool IsAccount(string text) => text.Length == 12 && text.All(char.IsAsciiDigit);

    private IEnumerable<JsonElement> Items(string name, int least, int most)
    {
        if (Member(name) is not { } list) return least == 0 ? [] : throw Refuse.Missing(PathOf(name));
        if (list.ValueKind != JsonValueKind.Array) throw Refuse.Invalid(PathOf(name), "a list is expected");
        var length = list.GetArrayLength();
        return length >= least && length <= most ? list.EnumerateArray() : throw Refuse.Invalid(PathOf(name), $"a list of {least} to {most} items is expected");
    }

    private static string TextOf(JsonElement element, string path, int least, int most)
    {
        if (element.ValueKind != JsonValueKind.String) throw Refuse.Invalid(path, "a text is expected");
        string text;
        try
        {
            text = element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // The only way to learn that a JSON string holds half a surrogate pair.
            throw Refuse.Invalid(path, "it holds an escape that is no character");
        }
        return text.Length >= least && text.Length <= most ? text : throw Refuse.Invalid(path, $"it has {least} to {most} characters");
    }

    private JsonElement? Member(string name) => _object.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    private string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
