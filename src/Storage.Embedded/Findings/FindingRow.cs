using Microsoft.Data.Sqlite;
using Yagura.Core.Findings;
using Yagura.Core.Ports;

namespace Yagura.Storage.Embedded.Findings;

/// <summary>A finding as it is stored, with what a person made of it.</summary>
/// <param name="ByHand">Archived, or brought back, by a person; null where nobody did since the last occurrence.</param>
internal sealed record FindingRow(int Number, byte[] Json, bool? ByHand, byte[] Facets)
{
    private static readonly string[] FeedbackTexts = ["USEFUL", "NOT_USEFUL"];

    /// <summary>The finding of an id, as the transaction sees it.</summary>
    public static FindingRow? Find(Session session, string id, FindingScope scope)
    {
        using var rows = session.Query(
            """
            SELECT number, json, by_hand, facets, account, region
            FROM   finding JOIN finding_json USING (number)
            WHERE  id = $id
            """, ("$id", id));
        if (!rows.Read() || !Covers(scope, rows.GetString(4), rows.GetString(5))) return null;
        return new(rows.GetInt32(0), (byte[])rows.GetValue(1), rows.IsDBNull(2) ? null : rows.GetInt32(2) != 0, (byte[])rows.GetValue(3));
    }

    public static bool Covers(FindingScope scope, string account, string region) =>
        (scope.Region is null || scope.Region == region) && (scope.Accounts is null || scope.Accounts.Contains(account, StringComparer.Ordinal));

    /// <exception cref="StorageException">What is stored is no finding.</exception>
    public static Finding Parse(byte[] json) =>
        FindingJson.TryRead(json, out var finding, out var error) ? finding : throw new StorageException($"a stored finding cannot be read: {error}");

    public static StoredFinding Read(SqliteDataReader rows) => new(Parse((byte[])rows.GetValue(0)), rows.GetInt64(1));

    public static string? TextOf(UserFeedback? feedback) => feedback is { } given ? FeedbackTexts[(int)given] : null;
}
