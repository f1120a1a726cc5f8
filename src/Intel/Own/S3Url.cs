namespace Yagura.Intel;

/// <summary>The forms in which a location names an object in S3.</summary>
/// <remarks><c>s3://bucket/key</c>, <c>https://s3.amazonaws.com/bucket/key</c>, <c>https://s3-region.amazonaws.com/bucket/key</c>,
/// <c>http://bucket.s3.amazonaws.com/key</c>, <c>http://bucket.s3-region.amazonaws.com/key</c>; with a dot for the dash, as newer URLs have. Source: user guide,
/// "Customizing threat detection with entity lists and IP address lists".</remarks>
internal static class S3Url
{
    public static bool TryParse(Uri url, out string bucket, out string key)
    {
        (bucket, key) = ("", Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/')));
        if (url.Scheme == "s3") bucket = url.Host;
        else if (url.Scheme is "https" or "http" && BucketOf(url.Host) is { } named)
        {
            if (named.Length == 0 && key.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash) (bucket, key) = (key[..slash], key[(slash + 1)..]);
            else bucket = named;
        }
        return bucket.Length > 0 && key.Length > 0;
    }

    /// <summary>The bucket in one of S3's own host names, empty where it stands in the path; null for other hosts.</summary>
    private static string? BucketOf(string host)
    {
        foreach (var domain in (string[])[".amazonaws.com", ".amazonaws.com.cn"])
        {
            if (!host.EndsWith(domain, StringComparison.OrdinalIgnoreCase)) continue;
            var labels = host[..^domain.Length].Split('.');
            var at = Array.FindLastIndex(labels, label => label == "s3" || label.StartsWith("s3-", StringComparison.Ordinal));
            if (at >= 0 && labels.Length - at <= 2) return string.Join('.', labels[..at]); // at most a region may follow
        }
        return null;
    }
}
