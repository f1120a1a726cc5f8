namespace Yagura.Core.Ports;

/// <summary>Fetches the files of the organization's own lists.</summary>
public interface IListFiles
{
    /// <param name="location">URL, as of <see cref="OwnList.Location"/>.</param>
    /// <param name="bucketOwner">The account that a bucket must belong to; null for any.</param>
    /// <param name="most">Bytes; a larger file is refused without being read to its end.</param>
    /// <exception cref="IOException">The file cannot be had, is too large, or must not be fetched from there; the message is for people.</exception>
    Task<byte[]> Read(string location, string? bucketOwner, int most, CancellationToken cancel = default);
}
