namespace Yagura.Aws;

/// <summary>The objects of a bucket whose keys start with a prefix: <c>s3://trail-logs.example/AWSLogs/111122223333/</c>.</summary>
/// <param name="Prefix">As S3 takes it, not a folder: <c>AWSLogs/1</c> also covers <c>AWSLogs/1111…</c>. Empty for the whole bucket.</param>
public sealed record S3Location(string Bucket, string Prefix)
{
    public const string Scheme = "s3://";

    /// <summary>Reads <c>s3://bucket</c> or <c>s3://bucket/prefix</c>. The prefix is taken as it is, without URL decoding.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static S3Location Parse(string text)
    {
        if (text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            var slash = text.IndexOf('/', Scheme.Length);
            var bucket = slash < 0 ? text[Scheme.Length..] : text[Scheme.Length..slash];
            if (IsBucketName(bucket)) return new(bucket, slash < 0 ? "" : text[(slash + 1)..]);
        }
        throw new FormatException($"{text} is not s3://bucket or s3://bucket/prefix");
    }

    /// <summary>The name of an object in this bucket, as a person would type it.</summary>
    public string NameOf(string key) => $"{Scheme}{Bucket}/{key}";

    /// <summary>The key in a name made by <see cref="NameOf"/>.</summary>
    public string KeyOf(string name) => name[(Scheme.Length + Bucket.Length + 1)..];

    public override string ToString() => NameOf(Prefix);

    // Amazon S3 User Guide, "General purpose bucket naming rules"; buckets older than March 2018 may be longer and have capitals and underscores.
    internal static bool IsBucketName(string text) =>
        text.Length is >= 3 and <= 255 && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_');
}
