namespace Yagura.Core.Findings;

/// <summary>Short labels of well-known server ports, as findings show them beside the number.</summary>
/// <remarks>Source: IANA service name and port number registry.</remarks>
internal static class PortNames
{
    public static string Of(int port) => port switch
    {
        20 or 21 => "FTP",
        22 => "SSH",
        23 => "Telnet",
        25 => "SMTP",
        53 => "DNS",
        80 => "HTTP",
        88 => "Kerberos",
        110 => "POP3",
        123 => "NTP",
        135 => "RPC",
        143 => "IMAP",
        161 => "SNMP",
        389 => "LDAP",
        443 => "HTTPS",
        445 => "SMB",
        636 => "LDAPS",
        1433 => "MSSQL",
        1521 => "Oracle",
        2049 => "NFS",
        3306 => "MySQL",
        3389 => "RDP",
        5432 => "PostgreSQL",
        5985 or 5986 => "WinRM",
        6379 => "Redis",
        8080 => "HTTP-Proxy",
        9200 or 9300 => "Elasticsearch",
        27017 => "MongoDB",
        _ => "Unknown",
    };
}
