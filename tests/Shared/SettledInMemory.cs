using System.Collections.Concurrent;
using Yagura.Core.Ports;

namespace Yagura.Tests;

/// <summary>Remembers what a test says is settled.</summary>
internal sealed class SettledInMemory : ISettledObjects
{
    private readonly ConcurrentDictionary<(string, string?), bool> _settled = new();

    public void Settle(LogObjectReference reference) => _settled[(reference.Name, reference.Version)] = true;

    public Task<IReadOnlyList<LogObjectReference>> Unsettled(IReadOnlyList<LogObjectReference> listed, CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyList<LogObjectReference>>([.. listed.Where(reference => !_settled.ContainsKey((reference.Name, reference.Version)))]);
}
