using Yagura.Simulation.Scenarios;
using Yagura.Simulation.World;
using Yagura.Simulation.Writing;

namespace Yagura.Simulation;

/// <summary>The kinds of log a corpus holds.</summary>
public enum LogKind { CloudTrail, VpcFlow, Route53Resolver, S3Access }

/// <summary>Writes the records of one kind of log; one instance per thread.</summary>
internal abstract class LogSource(Organization organization)
{
    protected Organization Organization { get; } = organization;
    protected Scene Scene { get; } = new(organization);

    /// <summary>What one background record is long on average, bytes, so that a size can be turned into a number of records.</summary>
    public abstract int MeanBytes { get; }

    /// <summary>Where an object lies below the output folder, as AWS delivers it.</summary>
    public abstract string PathOf(Account account, Region region, long time, ref SplitMix64 random);

    public virtual void Begin(Utf8Buffer buffer, Account account, Region region) { }

    /// <summary>Writes one ordinary record of the scene.</summary>
    public abstract void Background(Utf8Buffer buffer, Scene scene);

    public abstract void Planted(Utf8Buffer buffer, Scene scene, Act act);

    public virtual void Between(Utf8Buffer buffer) => buffer.Add((byte)'\n');

    public virtual void End(Utf8Buffer buffer) => buffer.Add((byte)'\n');

    /// <summary>Breaks the record that begins at <paramref name="start"/>, so that it can not be used. A line is cut off in its middle.</summary>
    public virtual void Corrupt(Utf8Buffer buffer, int start) => buffer.CutTo(start + 50 * (buffer.Length - start) / 100);

    /// <summary>The common part of AWS's object paths: <c>AWSLogs/[o-…/]account</c>.</summary>
    protected string Root(Account account) =>
        Organization.Profile.HasOrganizationTrail ? $"AWSLogs/{Organization.OrganizationId}/{account.Id}" : $"AWSLogs/{account.Id}";

    protected static string Day(long time) => DateTimeOffset.FromUnixTimeSeconds(time).ToString("yyyy'/'MM'/'dd");
    protected static string Minute(long time) => DateTimeOffset.FromUnixTimeSeconds(time).ToString("yyyyMMdd'T'HHmm'Z'");

    protected static string Letters(ref SplitMix64 random, int count)
    {
        var buffer = new Utf8Buffer();
        buffer.Base64(ref random, count);
        return System.Text.Encoding.ASCII.GetString(buffer.Written);
    }
}
