using System.Security.Cryptography;
using System.Text;

namespace Yagura.Api.Signing;

/// <summary>Encrypts what must not lie readable in the store, with a key that lies in a file of its own.</summary>
/// <remarks>AES-256-GCM. A sealed text is nonce (12 bytes), tag (16) and cipher text, in base64; it opens only under the name it was sealed for.</remarks>
public sealed class SecretBox
{
    private const int KeyLength = 32, NonceLength = 12, TagLength = 16;

    private readonly byte[] _key;

    /// <param name="key">32 bytes.</param>
    public SecretBox(byte[] key)
    {
        if (key.Length != KeyLength) throw new ArgumentException($"a key has {KeyLength} bytes", nameof(key));
        _key = key;
    }

    /// <summary>Reads the key file, or makes it, readable for its owner alone.</summary>
    /// <exception cref="IOException">The file cannot be read or written, holds no key, or others may read it; the message says which.</exception>
    public static SecretBox Open(string file)
    {
        if (!File.Exists(file)) Create(file);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != UnixFileMode.None)
            throw new IOException($"{file} may be read by others than its owner: set its mode to 0600");
        var key = File.ReadAllBytes(file);
        return key.Length == KeyLength ? new(key) : throw new IOException($"{file} does not hold a key of {KeyLength} bytes");
    }

    public string Seal(string name, string secret)
    {
        var text = Encoding.UTF8.GetBytes(secret);
        var box = new byte[NonceLength + TagLength + text.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceLength));
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(box.AsSpan(0, NonceLength), text, box.AsSpan(NonceLength + TagLength), box.AsSpan(NonceLength, TagLength), Encoding.UTF8.GetBytes(name));
        return Convert.ToBase64String(box);
    }

    /// <exception cref="CryptographicException">Sealed with another key or for another name, or changed since.</exception>
    public string Open(string name, string box)
    {
        var bytes = Convert.FromBase64String(box);
        if (bytes.Length < NonceLength + TagLength) throw new CryptographicException("the sealed text is cut off");
        var text = new byte[bytes.Length - NonceLength - TagLength];
        using var aes = new AesGcm(_key, TagLength);
        aes.Decrypt(bytes.AsSpan(0, NonceLength), bytes.AsSpan(NonceLength + TagLength), bytes.AsSpan(NonceLength, TagLength), text, Encoding.UTF8.GetBytes(name));
        return Encoding.UTF8.GetString(text);
    }

    // Whole or not at all: written beside and moved, and where two make it at once, the second takes the first one's.
    private static void Create(string file)
    {
        var beside = $"{file}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var stream = new FileStream(beside, options))
            {
                stream.Write(RandomNumberGenerator.GetBytes(KeyLength));
                stream.Flush(flushToDisk: true);
            }
            File.Move(beside, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(beside);
        }
    }
}
