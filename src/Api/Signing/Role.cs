namespace Yagura.Api.Signing;

/// <summary>What an access key may do; each role may do what those before it may.</summary>
public enum Role
{
    /// <summary>Reads everything.</summary>
    Viewer,
    /// <summary>Archives findings and says whether they were useful.</summary>
    Analyst,
    /// <summary>Writes filters and starts scans.</summary>
    Responder,
    /// <summary>Switches detection, lists, members and exports.</summary>
    Admin,
}
