using System.Diagnostics;
using Yagura.Core.Ports;
using Yagura.Engine.Ingestion;

namespace Yagura.Engine.Tests;

public sealed class LocalObjectsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("yagura-local-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(params string[] parts) => Path.Combine([_folder, .. parts]);

    private static async Task<List<LogObjectReference>> List(LocalObjects objects)
    {
        var listed = new List<LogObjectReference>();
        await foreach (var reference in objects.List()) listed.Add(reference);
        return listed;
    }

    private string MakePipe(string name)
    {
        using var made = Process.Start("mkfifo", [At(name)]);
        made.WaitForExit();
        return At(name);
    }

    [Fact]
    public async Task Files_are_listed_in_order_with_their_sizes_and_hidden_ones_left_out()
    {
        Directory.CreateDirectory(At("b"));
        Directory.CreateDirectory(At(".git"));
        foreach (var name in new[] { "b/x.json", "a.json", ".hidden", ".git/config" }) await File.WriteAllTextAsync(At(name), "{}");
        var listed = await List(new LocalObjects([_folder]));
        Assert.Equal([(At("a.json"), 2L), (At("b", "x.json"), 2L)], listed.Select(r => (r.Name, r.Size ?? -1)));
    }

    [Fact]
    public async Task Links_that_go_round_are_named_and_not_followed()
    {
        await File.WriteAllTextAsync(At("x.json"), "{}");
        foreach (var name in new[] { "a", "b" }) Directory.CreateSymbolicLink(At(name), _folder);
        var objects = new LocalObjects([_folder]);
        var listed = await List(objects);
        Assert.Equal([At("a"), At("b"), At("x.json")], listed.Select(r => r.Name));
        var refused = await Assert.ThrowsAsync<IOException>(() => objects.Open(listed[0]));
        Assert.Contains("a link to a folder", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_a_file_is_read_as_the_file()
    {
        await File.WriteAllTextAsync(At("x.json"), "{\"a\":1}");
        File.CreateSymbolicLink(At("y.json"), At("x.json"));
        var objects = new LocalObjects([_folder]);
        var link = (await List(objects))[1];
        Assert.Equal((At("y.json"), 7), (link.Name, link.Size));
        await using var stream = await objects.Open(link);
        Assert.Equal(7, stream.Length);
    }

    [Fact]
    public async Task A_pipe_in_a_folder_is_refused_without_waiting_for_a_writer()
    {
        if (OperatingSystem.IsWindows()) return;
        MakePipe("pipe");
        await File.WriteAllTextAsync(At("empty.json"), "");
        var objects = new LocalObjects([_folder]);
        var listed = await List(objects);
        (await objects.Open(listed[0])).Dispose();
        var refused = await Assert.ThrowsAsync<IOException>(() => objects.Open(listed[1]));
        Assert.Contains("a pipe", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_that_was_named_is_read()
    {
        if (OperatingSystem.IsWindows()) return;
        var pipe = MakePipe("pipe");
        var objects = new LocalObjects([pipe]);
        var reference = Assert.Single(await List(objects));
        Assert.Null(reference.Size);
        var writing = Task.Run(() => File.WriteAllText(pipe, "{}"));
        await using var stream = await Task.Run(() => objects.Open(reference));
        using var reader = new StreamReader(stream);
        Assert.Equal("{}", await reader.ReadToEndAsync());
        await writing;
    }
}
