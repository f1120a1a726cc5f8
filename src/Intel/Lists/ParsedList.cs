namespace Yagura.Intel;

/// <summary>A list as read: what it holds, and what did not fit.</summary>
/// <param name="Rejected">Number of lines (in STIX: objects) that are no usable entry; comments and blank lines are none.</param>
/// <param name="FirstRejects">The first few of them.</param>
public sealed record ParsedList(
    ThreatList List, ListFormat Format, IReadOnlyList<AddressRange> Addresses, IReadOnlyList<ListedName> Names, IReadOnlyList<string> Keys,
    int Rejected, IReadOnlyList<RejectedLine> FirstRejects)
{
    public int Entries => Addresses.Count + Names.Count + Keys.Count;
}

/// <summary>A name on a list, in lower case.</summary>
/// <param name="BelowOnly">Written <c>*.name</c>: holds every name below, but not the name itself.</param>
public readonly record struct ListedName(string Name, bool BelowOnly);

/// <param name="Line">Counted from 1.</param>
/// <param name="Reason">Says what the line is or lacks.</param>
public sealed record RejectedLine(int Line, string Reason);
