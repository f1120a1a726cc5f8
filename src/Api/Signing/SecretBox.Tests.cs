using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Yagura.Api.Signing;
using Yagura.Core.Ports;

namespace Yagura.Api.Tests;

public sealed class SecretBoxTests
{
    [Fact]
    public void What_is_sealed_opens_again_and_never_looks_the_same() => Gen.Select(Gen.String, Gen.String).Sample((name, secret) =>
    {
        var text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(secret)); // half a surrogate pair is no text
        var box = new SecretBox(new byte[32]);
        Assert.Equal(text, box.Open(name, box.Seal(name, secret)));
        Assert.NotEqual(box.Seal(name, secret), box.Seal(name, secret));
    });

    [Fact]
    public void Another_key_another_name_and_a_changed_byte_do_not_open_it()
    {
        var box = new SecretBox(new byte[32]);
        var sealedText = box.Seal("one", "secret");
        var changed = Convert.FromBase64String(sealedText);
        changed[^1] ^= 1;
        Assert.ThrowsAny<CryptographicException>(() => new SecretBox([.. Enumerable.Repeat((byte)1, 32)]).Open("one", sealedText));
        Assert.ThrowsAny<CryptographicException>(() => box.Open("two", sealedText));
        Assert.ThrowsAny<CryptographicException>(() => box.Open("one", Convert.ToBase64String(changed)));
        Assert.ThrowsAny<CryptographicException>(() => box.Open("one", "AAAA"));
    }

    [Fact]
    public void The_key_file_is_made_once_for_its_owner_alone()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "secret.key");
        var text = SecretBox.Open(file).Seal("one", "secret");
        Assert.Equal("secret", SecretBox.Open(file).Open("one", text));
        Assert.Equal([file], Directory.GetFiles(folder.Path));
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("0600", Assert.Throws<IOException>(() => SecretBox.Open(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_key_is_said_to_be_none()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "secret.key");
        File.WriteAllText(file, "short");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Contains("does not hold a key", Assert.Throws<IOException>(() => SecretBox.Open(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_in_no_document_and_in_no_audit_entry()
    {
        var documents = new MemoryDocuments();
        var keys = new AccessKeys(documents, new SecretBox(new byte[32]), TimeProvider.System);
        var made = await keys.Create("111122223333", "alice", Role.Analyst, TimeSpan.FromDays(1));
        Assert.Equal((20, 40), (made.Key.Id.Length, made.Secret.Length));
        Assert.Equal(made.Secret, keys.SecretOf(made.Key));
        Assert.Equal([made.Key], await keys.List());
        Assert.True(await keys.Revoke(made.Key.Id));
        Assert.False(await keys.Revoke(made.Key.Id));
        Assert.Equal(["CreateAccessKey", "RevokeAccessKey"], documents.Records.Select(record => record.Action));
        var written = (await documents.List(new DocumentQuery("access-key"))).Select(document => document.Json).Concat(documents.Records.Select(record => record.Details));
        Assert.All(written, bytes => Assert.DoesNotContain(made.Secret, Encoding.UTF8.GetString(bytes.Span), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("123", "alice")]
    [InlineData("11112222333x", "alice")]
    [InlineData("111122223333", "")]
    [InlineData("111122223333", "a b")]
    [InlineData("111122223333", "a/b")]
    public async Task A_key_is_for_an_account_and_somebody_with_a_name(string account, string name) =>
        await Assert.ThrowsAsync<ArgumentException>(() => new AccessKeys(new MemoryDocuments(), new SecretBox(new byte[32]), TimeProvider.System).Create(account, name, Role.Viewer));
}
