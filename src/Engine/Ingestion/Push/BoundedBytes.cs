namespace Yagura.Engine.Ingestion.Push;

/// <summary>Reads a stream that may be longer than it should.</summary>
internal static class BoundedBytes
{
    private const int First = 64 << 10;

    /// <returns>All bytes; null where there are more than <paramref name="most"/>.</returns>
    public static byte[]? Read(Stream stream, int most)
    {
        var buffer = new byte[Math.Min(First, most + 1)];
        for (var length = 0; ;)
        {
            var read = stream.Read(buffer, length, buffer.Length - length);
            if (read == 0) return buffer[..length];
            if ((length += read) > most) return null;
            if (length == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(2L * length, most + 1L));
        }
    }

    /// <inheritdoc cref="Read(Stream, int)"/>
    public static async Task<byte[]?> Read(Stream stream, int most, CancellationToken cancel)
    {
        var buffer = new byte[Math.Min(First, most + 1)];
        for (var length = 0; ;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancel);
            if (read == 0) return buffer[..length];
            if ((length += read) > most) return null;
            if (length == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(2L * length, most + 1L));
        }
    }
}
