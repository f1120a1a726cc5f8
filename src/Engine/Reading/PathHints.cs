using System.Text;

namespace Yagura.Engine.Reading;

/// <summary>Account and region as AWS writes them into the names of delivered objects; used only where the record itself does not say.</summary>
/// <remarks><code>AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/11/23/…</code><code>…/aws-account-id=111122223333/aws-region=eu-west-1/…</code></remarks>
internal static class PathHints
{
    /// <returns>Empty where the name does not tell.</returns>
    public static (byte[] Account, byte[] Region) Of(string name)
    {
        byte[] account = [], region = [];
        foreach (var part in name.Split('/', '\\'))
        {
            var value = part.AsSpan(part.IndexOf('=', StringComparison.Ordinal) + 1);
            if (account.Length == 0 && IsAccount(value)) account = Encoding.ASCII.GetBytes(value.ToString());
            else if (region.Length == 0 && IsRegion(value)) region = Encoding.ASCII.GetBytes(value.ToString());
        }
        return (account, region);
    }

    private static bool IsAccount(ReadOnlySpan<char> text) => text.Length == 12 && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>Letters, a dash, letters, a dash, one or two digits; four parts in <c>us-gov-west-1</c> and the like.</summary>
    private static bool IsRegion(ReadOnlySpan<char> text)
    {
        if (text.Length is < 9 or > 20 || !char.IsAsciiLetterLower(text[0]) || !char.IsAsciiDigit(text[^1])) return false;
        var dashes = text.Count('-');
        return dashes is 2 or 3 && text[^2] is '-' or (>= '0' and <= '9') && text.IndexOf('-') == 2 && !text.ContainsAnyExcept(RegionCharacters);
    }

    private static readonly System.Buffers.SearchValues<char> RegionCharacters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
}
