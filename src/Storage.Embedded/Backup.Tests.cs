using Yagura.Core.Ports;
using Yagura.Storage.Embedded;

namespace Yagura.Tests.Storage;

public sealed class BackupTests : IDisposable
{
    private readonly Scratch _scratch = new();

    [Fact]
    public async Task A_backup_holds_what_was_there_and_can_be_taken_while_findings_come()
    {
        var backup = _scratch.Beside("backup");
        await using (var store = await Opened.Open(_scratch.Beside("data")))
        {
            await store.Findings.Put([Victim.Finding(0, 1)]);
            using var stop = new CancellationTokenSource();
            var writing = Task.Run(async () =>
            {
                for (var number = 1; !stop.IsCancellationRequested; number++) await store.Findings.Put([Victim.Finding(2 * number, 1), Victim.Finding(2 * number + 1, 1)]);
            });
            await Backup.Create(store.Database, backup, TimeProvider.System);
            await stop.CancelAsync();
            await writing;
        }

        await Backup.Restore(backup, _scratch.Beside("restored"));

        await using var restored = await Opened.Open(_scratch.Beside("restored"));
        var ids = (await restored.Findings.List(new(FindingScope.Everything) { Limit = 1000, SortBy = "id", Descending = false })).Ids;
        Assert.Equal($"{0:x32}", ids[0]);
        Assert.Equal(1, ids.Count % 2); // two at a time
        Assert.Equal(["manifest.json", "yagura.db"], Directory.GetFiles(backup).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_backup_that_was_changed_is_refused_and_nothing_is_restored()
    {
        var backup = _scratch.Beside("backup");
        await using (var store = await Opened.Open(_scratch.Beside("data")))
        {
            await store.Findings.Put([Victim.Finding(0, 1)]);
            await Backup.Create(store.Database, backup, TimeProvider.System);
            Assert.Contains("not empty", (await Assert.ThrowsAsync<StorageException>(() => Backup.Create(store.Database, backup, TimeProvider.System))).Message, StringComparison.Ordinal);
        }
        await Assert.ThrowsAsync<StorageException>(() => Backup.Restore(backup, _scratch.Beside("data"))); // there is one already

        var manifest = Path.Combine(backup, Backup.ManifestName);
        var text = await File.ReadAllTextAsync(manifest, TestContext.Current.CancellationToken);
        foreach (var bad in new[] { "", "{}", "[]", "{\"format\":2}", text.Replace("\"size\": ", "\"size\": 1", StringComparison.Ordinal), text.Replace("yagura.db", "../yagura.db", StringComparison.Ordinal) })
        {
            await File.WriteAllTextAsync(manifest, bad, TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<StorageException>(() => Backup.Restore(backup, _scratch.Beside("restored")));
        }
        await File.WriteAllTextAsync(manifest, text, TestContext.Current.CancellationToken);
        await using (var file = File.OpenWrite(Path.Combine(backup, Database.FileName)))
        {
            file.Position = 5000;
            file.WriteByte(0xEE);
        }
        Assert.Contains("not the file", (await Assert.ThrowsAsync<StorageException>(() => Backup.Restore(backup, _scratch.Beside("restored")))).Message, StringComparison.Ordinal);
        File.Delete(manifest);
        await Assert.ThrowsAsync<StorageException>(() => Backup.Restore(backup, _scratch.Beside("restored")));
        Assert.False(File.Exists(Path.Combine(_scratch.Beside("restored"), Database.FileName)));
    }

    public void Dispose() => _scratch.Dispose();
}
