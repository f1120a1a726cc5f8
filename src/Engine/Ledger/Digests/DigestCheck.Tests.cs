using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Yagura.Core.Ports;
using Yagura.Engine.Ledger.Digests;
using Yagura.Logs.CloudTrail.Digests;

namespace Yagura.Engine.Tests.Ledger.Digests;

/// <summary>Digests signed with keys of our own.</summary>
public sealed class DigestCheckTests : IDisposable
{
    private const string Bucket = "trail-logs";

    private readonly RSA _key = RSA.Create(2048);
    private readonly Trail _trail = new();

    public void Dispose() => _key.Dispose();

    /// <summary>Files and signatures in memory.</summary>
    private sealed class Trail : ITrailEvidence
    {
        public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string?> Signatures { get; } = new(StringComparer.Ordinal);

        public List<TrailKey> Published { get; } = [];

        public List<string> AskedFor { get; } = [];

        public Task<Stream> Open(string bucket, string key, CancellationToken cancel = default) =>
            Files.TryGetValue(key, out var bytes) ? Task.FromResult<Stream>(new MemoryStream(bytes)) : throw new FileNotFoundException(key);

        public Task<string?> SignatureOf(string bucket, string key, CancellationToken cancel = default) => Task.FromResult(Signatures.GetValueOrDefault(key));

        public Task<IReadOnlyList<TrailKey>> Keys(string region, DateTimeOffset at, CancellationToken cancel = default)
        {
            AskedFor.Add($"{region} {at:O}");
            return Task.FromResult<IReadOnlyList<TrailKey>>(Published);
        }
    }

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string KeyAt(int hour) =>
        $"AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/11/25/111122223333_CloudTrail-Digest_eu-west-1_trail_eu-west-1_20261125T{hour:00}0000Z.json.gz";

    private static string LogAt(int hour) => $"AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/25/111122223333_CloudTrail_eu-west-1_20261125T{hour:00}55Z_aB3dE6gH9jK2.json.gz";

    /// <summary>Delivers log files and digests of some hours, as CloudTrail does.</summary>
    private void Deliver(int hours)
    {
        _trail.Published.Add(new("31e8b5433410dfb61a9dc45cc65b22ff", _key.ExportRSAPublicKey()));
        string? previousText = null;
        for (var hour = 0; hour < hours; hour++)
        {
            var log = $$"""{"Records":[{"eventVersion":"1.11","hour":{{hour}}}]}""";
            _trail.Files[LogAt(hour)] = Gzip(log);
            var text = $$"""
                {"awsAccountId":"111122223333","digestStartTime":"2026-11-25T{{hour:00}}:00:00Z","digestEndTime":"2026-11-25T{{hour + 1:00}}:00:00Z","digestS3Bucket":"{{Bucket}}",
                "digestS3Object":"{{KeyAt(hour + 1)}}","digestPublicKeyFingerprint":"31e8b5433410dfb61a9dc45cc65b22ff","digestSignatureAlgorithm":"SHA256withRSA",
                "previousDigestS3Bucket":{{(previousText is null ? "null" : $"\"{Bucket}\"")}},"previousDigestS3Object":{{(previousText is null ? "null" : $"\"{KeyAt(hour)}\"")}},
                "previousDigestHashValue":{{(previousText is null ? "null" : $"\"{Hash(previousText)}\"")}},"previousDigestHashAlgorithm":"SHA-256",
                "previousDigestSignature":{{(previousText is null ? "null" : $"\"{_trail.Signatures[KeyAt(hour)]}\"")}},
                "logFiles":[{"s3Bucket":"{{Bucket}}","s3Object":"{{LogAt(hour)}}","hashValue":"{{Hash(log)}}","hashAlgorithm":"SHA-256"}]}
                """;
            // Put together here as AWS documents it, not by the code under test.
            var previousSignature = previousText is null ? "null" : _trail.Signatures[KeyAt(hour)];
            var signed = $"2026-11-25T{hour + 1:00}:00:00Z\n{Bucket}/{KeyAt(hour + 1)}\n{Hash(text)}\n{previousSignature}";
            _trail.Signatures[KeyAt(hour + 1)] = Convert.ToHexStringLower(_key.SignData(Encoding.UTF8.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            _trail.Files[KeyAt(hour + 1)] = Gzip(text);
            previousText = text;
        }
    }

    private async Task<DigestReport> Check(int hour, string? at = null) =>
        await new DigestCheck(_trail, readLogs: true).Check(at ?? $"s3://{Bucket}/{KeyAt(hour)}", new MemoryStream(_trail.Files[KeyAt(hour)]), CancellationToken.None);

    private async Task<string> ProblemsOf(int hour, string? at = null) => string.Join("; ", (await Check(hour, at)).Problems.Select(problem => $"{problem.Kind}: {problem.Reason}"));

    [Fact]
    public async Task An_untouched_trail_has_no_problems_and_tells_which_files_there_should_be()
    {
        Deliver(3);
        for (var hour = 1; hour <= 3; hour++)
        {
            var report = await Check(hour);
            Assert.Empty(report.Problems);
            Assert.Equal([$"s3://{Bucket}/{LogAt(hour - 1)}"], report.Expected.Select(file => file.Name));
        }
        Assert.Equal("eu-west-1 2026-11-25T01:00:00.0000000+00:00", _trail.AskedFor[0]);
    }

    [Fact]
    public async Task A_log_file_that_was_changed_or_deleted_is_named()
    {
        Deliver(2);
        _trail.Files[LogAt(0)] = Gzip("""{"Records":[]}""");
        _trail.Files.Remove(LogAt(1));
        Assert.Equal("LogFile: the file was changed after it was delivered", await ProblemsOf(1));
        Assert.Equal("LogFile: the file is gone", await ProblemsOf(2));
        _trail.Files[LogAt(0)] = "damaged"u8.ToArray();
        Assert.Equal("LogFile: the file was changed after it was delivered", await ProblemsOf(1));
    }

    [Fact]
    public async Task A_digest_that_was_changed_to_hide_a_file_is_not_signed_any_more_and_breaks_the_chain()
    {
        Deliver(2);
        using var content = new GZipStream(new MemoryStream(_trail.Files[KeyAt(1)]), CompressionMode.Decompress);
        using var reader = new StreamReader(content);
        var text = await reader.ReadToEndAsync();
        _trail.Files[KeyAt(1)] = Gzip(text[..text.IndexOf("\"logFiles\"", StringComparison.Ordinal)] + "\"logFiles\":[]}");
        Assert.Equal("Signature: the signature of the digest is not valid: the digest was changed", await ProblemsOf(1));
        Assert.Equal("Chain: the file was changed after it was delivered", await ProblemsOf(2));
    }

    [Fact]
    public async Task A_digest_that_was_deleted_breaks_the_chain()
    {
        Deliver(2);
        _trail.Files.Remove(KeyAt(1));
        var report = await Check(2);
        Assert.Equal((DigestProblemKind.Chain, $"s3://{Bucket}/{KeyAt(1)}", "the file is gone"), (report.Problems[0].Kind, report.Problems[0].Object, report.Problems[0].Reason));
    }

    [Fact]
    public async Task Signatures_of_others_and_missing_ones_are_told_apart()
    {
        Deliver(1);
        _trail.Published.Clear();
        Assert.Equal("Signature: the digest names a key that CloudTrail has not published for its region and time", await ProblemsOf(1));
        using var other = RSA.Create(2048);
        _trail.Published.Add(new("31E8B5433410DFB61A9DC45CC65B22FF", other.ExportRSAPublicKey()));
        Assert.Equal("Signature: the signature of the digest is not valid: the digest was changed", await ProblemsOf(1));
        _trail.Published[0] = new("31e8b5433410dfb61a9dc45cc65b22ff", "no key"u8.ToArray());
        Assert.Equal("Signature: the signature of the digest is not valid: the digest was changed", await ProblemsOf(1));
        _trail.Signatures[KeyAt(1)] = "not hexadecimal";
        Assert.Equal("Signature: the signature of the digest is not valid: the digest was changed", await ProblemsOf(1));
        _trail.Signatures[KeyAt(1)] = null;
        Assert.Equal("Signature: the signature of the digest is missing", await ProblemsOf(1));
    }

    [Fact]
    public async Task A_digest_that_was_put_elsewhere_is_not_taken_for_another()
    {
        Deliver(1);
        Assert.Equal($"Moved: the digest was delivered as s3://{Bucket}/{KeyAt(1)}", await ProblemsOf(1, $"s3://{Bucket}/{KeyAt(2)}"));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("{}")]
    [InlineData("""{"logFiles":[]}""")]
    [InlineData("""{"digestEndTime":"x","digestS3Bucket":"b","digestS3Object":"o","logFiles":[{"s3Bucket":"b","s3Object":"o","hashAlgorithm":"MD5","hashValue":"00"}]}""")]
    public async Task Something_else_is_no_digest(string text)
    {
        _trail.Files[KeyAt(1)] = Encoding.UTF8.GetBytes(text);
        Assert.Equal("NotADigest: the file is no digest of CloudTrail", await ProblemsOf(1));
    }

    [Fact]
    public void No_damage_makes_the_reader_throw()
    {
        Deliver(1);
        using var content = new GZipStream(new MemoryStream(_trail.Files[KeyAt(1)]), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        Gen.Select(Gen.Int[0, 2000], Gen.Byte).Sample((at, value) =>
        {
            var damaged = bytes.ToArray();
            damaged[at % damaged.Length] = value;
            DigestFile.Parse(damaged)?.IsSignedBy("00", _trail.Published[0].Key.Span);
            DigestFile.Parse(damaged.AsSpan(0, at % damaged.Length));
        });
    }
}
