using System.Security.Cryptography;
using Yagura.Core.Collection;
using Yagura.Core.Ports;
using Yagura.Engine.Ingestion;
using Yagura.Engine.Ingestion.Push;
using Yagura.Logs.CloudTrail.Digests;

namespace Yagura.Engine.Ledger.Digests;

/// <summary>Checks a digest of CloudTrail: its signature, the digest before, and the log files that it names.</summary>
/// <param name="readLogs">Whether log files are read and their hashes compared; otherwise it is only told which there should be.</param>
public sealed class DigestCheck(ITrailEvidence evidence, bool readLogs)
{
    /// <param name="name">Where the digest was found: <c>s3://bucket/key</c>.</param>
    /// <param name="stored">Its bytes as they are stored; read to the end and disposed.</param>
    /// <exception cref="IOException">Something cannot be had now; the check has to be made again.</exception>
    public async Task<DigestReport> Check(string name, Stream stored, CancellationToken cancel)
    {
        var content = await Content(stored, cancel);
        if (content is null || DigestFile.Parse(content) is not { } digest) return new(name, null, [], [new(DigestProblemKind.NotADigest, name, "the file is no digest of CloudTrail")]);
        var problems = new List<DigestProblem>();
        if (digest.Self.Name != name) problems.Add(new(DigestProblemKind.Moved, name, $"the digest was delivered as {digest.Self.Name}"));
        if (await Signature(digest, cancel) is { } signature) problems.Add(new(DigestProblemKind.Signature, name, signature));
        if (digest.Previous is { } previous && await Compare(previous, cancel) is { } chain) problems.Add(new(DigestProblemKind.Chain, previous.Name, chain));
        if (readLogs)
        {
            foreach (var log in digest.Logs)
                if (await Compare(log, cancel) is { } change) problems.Add(new(DigestProblemKind.LogFile, log.Name, change));
        }
        return new(name, digest, digest.Logs, problems);
    }

    private async Task<string?> Signature(DigestFile digest, CancellationToken cancel)
    {
        if (digest.Algorithm != DigestFile.Rsa) return "the digest is signed by an algorithm that is not known";
        string? signature;
        try
        {
            signature = await evidence.SignatureOf(digest.Self.Bucket, digest.Self.Key, cancel);
        }
        catch (FileNotFoundException)
        {
            signature = null;
        }
        if (signature is null) return "the signature of the digest is missing";
        if (digest.EndTime is not { } end) return "the digest does not tell its time";
        var region = DeliveredName.Of(digest.Self.Key).Region;
        var keys = await evidence.Keys(region, end, cancel);
        if (keys.FirstOrDefault(key => key.Fingerprint.Equals(digest.Fingerprint, StringComparison.OrdinalIgnoreCase)) is not { } signer)
            return "the digest names a key that CloudTrail has not published for its region and time";
        return digest.IsSignedBy(signature, signer.Key.Span) ? null : "the signature of the digest is not valid: the digest was changed";
    }

    /// <returns>What is wrong with a file; null where it has the hash that it should.</returns>
    private async Task<string?> Compare(TrailFile file, CancellationToken cancel)
    {
        try
        {
            await using var stored = await evidence.Open(file.Bucket, file.Key, cancel);
            return await Hash(stored, cancel) is { } hash && hash.Equals(file.Hash, StringComparison.OrdinalIgnoreCase) ? null : "the file was changed after it was delivered";
        }
        catch (FileNotFoundException)
        {
            return "the file is gone";
        }
    }

    private static Task<string?> Hash(Stream stored, CancellationToken cancel) =>
        Expanded(stored, content => Convert.ToHexStringLower(SHA256.HashData(content)), cancel);

    private static Task<byte[]?> Content(Stream stored, CancellationToken cancel) =>
        Expanded(stored, content => BoundedBytes.Read(content, DigestFile.LargestBytes), cancel);

    /// <returns>Null where the file is damaged.</returns>
    private static Task<T?> Expanded<T>(Stream stored, Func<Stream, T?> read, CancellationToken cancel) where T : class => Task.Run(() =>
    {
        using var bytes = new ReadAhead(stored, cancel);
        using var content = Expansion.Of(bytes);
        try
        {
            return read(content);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }, cancel);
}

/// <summary>What a digest showed.</summary>
/// <param name="Digest">Null where the file is none.</param>
/// <param name="Expected">The log files that there should be.</param>
/// <param name="Problems">Empty where all is as it was delivered.</param>
public sealed record DigestReport(string Name, DigestFile? Digest, IReadOnlyList<TrailFile> Expected, IReadOnlyList<DigestProblem> Problems);

/// <param name="Object">The file that it is about.</param>
/// <param name="Reason">A sentence for people, without a full stop.</param>
public sealed record DigestProblem(DigestProblemKind Kind, string Object, string Reason);

public enum DigestProblemKind
{
    /// <summary>Not the JSON that CloudTrail writes.</summary>
    NotADigest,
    /// <summary>Found elsewhere than it was delivered to.</summary>
    Moved,
    /// <summary>Not signed by CloudTrail.</summary>
    Signature,
    /// <summary>The digest before is gone or was changed.</summary>
    Chain,
    /// <summary>A log file is gone or was changed.</summary>
    LogFile,
}
