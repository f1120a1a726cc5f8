namespace Yagura.Intel;

/// <summary>What a list says of its entries. An entry on several lists carries the union.</summary>
[Flags]
public enum ThreatCategory
{
    None = 0,
    /// <summary>Known bad without further word: feeds into the MaliciousIPCaller types.</summary>
    Malicious = 1 << 0,
    /// <summary>The organisation's own threat list: feeds into the <c>.Custom</c> types.</summary>
    Custom = 1 << 1,
    CommandAndControl = 1 << 2,
    Mining = 1 << 3,
    TorExit = 1 << 4,
    /// <summary>Tor guards, middle relays and directory authorities.</summary>
    TorRelay = 1 << 5,
    Scanner = 1 << 6,
    DropPoint = 1 << 7,
    Phishing = 1 << 8,
    DynamicDns = 1 << 9,
    Dga = 1 << 10,
    /// <summary>Addresses and names that swallow traffic of taken-down malware.</summary>
    Sinkhole = 1 << 11,
    DriveBy = 1 << 12,
    /// <summary>Looks bad by reputation, no tie to a known threat.</summary>
    Suspicious = 1 << 13,
    /// <summary>Low reputation and tied to known bad names or addresses.</summary>
    MaliciousReputation = 1 << 14,
    /// <summary>Low reputation and tied to cryptocurrency.</summary>
    MiningReputation = 1 << 15,
    /// <summary>Access key identifiers known to have leaked.</summary>
    LeakedKey = 1 << 16,
    /// <summary>Never reported; wins over every other list.</summary>
    Trusted = 1 << 30,
}
