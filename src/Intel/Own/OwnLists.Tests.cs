using Yagura.Core.Ports;

namespace Yagura.Intel.Tests;

public sealed class OwnListsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("yagura-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_list_is_used_until_it_is_dropped_also_after_a_restart()
    {
        var files = new Held { Text = "203.0.113.7\nbad.example\n" };
        var changes = 0;
        using (var lists = OwnLists.Open(_folder, files, () => changes++))
        {
            await lists.Use(List(ListUse.ThreatAddresses));
            await lists.Use(List(ListUse.TrustedEntities, "b"));
        }
        files.Text = "198.51.100.0/24";
        using var again = OwnLists.Open(_folder, files);
        Assert.Equal([("a", ThreatCategory.Custom, 1, 0), ("b", ThreatCategory.Trusted, 1, 1)],
            again.Used.Select(used => (used.List.Id, used.Content.List.Category, used.Content.Addresses.Count, used.Content.Names.Count)));
        await again.Use(List(ListUse.ThreatAddresses));
        Assert.Equal("198.51.100.0", again.Used[0].Content.Addresses[0].First.ToString());
        await again.Drop("111122223333", "eu-west-1", "a");
        await again.Drop("111122223333", "eu-west-1", "a");
        Assert.Equal("b", Assert.Single(again.Used).List.Id);
        Assert.Equal((2, 2), (changes, Directory.GetFiles(_folder).Length));
    }

    [Theory]
    [InlineData(ListUse.ThreatAddresses, "", "the list holds no entry")]
    [InlineData(ListUse.ThreatAddresses, "10.0.0.0/2", "the list holds no entry; line 1: ")]
    public async Task A_list_without_an_entry_is_refused_and_the_one_before_it_stays(ListUse use, string text, string reason)
    {
        var files = new Held { Text = "203.0.113.7" };
        using var lists = OwnLists.Open(_folder, files);
        await lists.Use(List(use));
        files.Text = text;
        Assert.StartsWith(reason, (await Assert.ThrowsAsync<IOException>(() => lists.Use(List(use)))).Message, StringComparison.Ordinal);
        Assert.Single(lists.Used);
    }

    [Fact]
    public async Task A_list_holds_as_many_entries_as_in_GuardDuty()
    {
        static string Lines(int count) => string.Join('\n', Enumerable.Range(0, count).Select(n => $"198.{n >> 16}.{(n >> 8) & 255}.{n & 255}"));
        foreach (var use in Enum.GetValues<ListUse>())
        {
            var files = new Held { Text = Lines(OwnLists.MostEntries(use)) };
            using var lists = OwnLists.Open(_folder, files);
            await lists.Use(List(use));
            files.Text = Lines(OwnLists.MostEntries(use) + 1);
            Assert.Contains("more than", (await Assert.ThrowsAsync<IOException>(() => lists.Use(List(use)))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_id_cannot_lead_out_of_the_folder()
    {
        using var lists = OwnLists.Open(_folder, new Held { Text = "203.0.113.7" });
        await Assert.ThrowsAsync<IOException>(() => lists.Use(List(ListUse.ThreatAddresses, "../x")));
        await Assert.ThrowsAsync<IOException>(() => lists.Drop("1", "eu-west-1", "../x"));
    }

    private static OwnList List(ListUse use, string id = "a") => new("111122223333", "eu-west-1", id, use, "mine", "TXT", "s3://lists/mine", null);

    private sealed class Held : IListFiles
    {
        public string Text { get; set; } = "";

        public Task<byte[]> Read(string location, string? bucketOwner, int most, CancellationToken cancel = default) => Task.FromResult(System.Text.Encoding.UTF8.GetBytes(Text));
    }
}
