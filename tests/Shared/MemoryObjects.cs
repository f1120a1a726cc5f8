using System.Runtime.CompilerServices;
using Yagura.Core.Ports;

namespace Yagura.Tests;

/// <summary>Objects that a test made, in the order it wants them read.</summary>
internal sealed class MemoryObjects(IReadOnlyList<(string Name, byte[] Bytes)> objects) : ILogObjects
{
    public async IAsyncEnumerable<LogObjectReference> List([EnumeratorCancellation] CancellationToken cancel = default)
    {
        await Task.CompletedTask;
        foreach (var (name, bytes) in objects) yield return new LogObjectReference(name, bytes.Length, null, null);
    }

    public Task<Stream> Open(LogObjectReference reference, CancellationToken cancel = default) =>
        Task.FromResult<Stream>(new MemoryStream(objects.First(o => o.Name == reference.Name).Bytes));
}
