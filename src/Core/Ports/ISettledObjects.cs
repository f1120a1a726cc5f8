namespace Yagura.Core.Ports;

/// <summary>The memory of which objects need not be read again. It survives restarts and is larger than main memory allows.</summary>
public interface ISettledObjects
{
    /// <summary>Those of <paramref name="listed"/>, in their order, that were not yet applied, found to be duplicates or quarantined in the version that is listed,
    /// whichever source they came by.</summary>
    /// <param name="listed">At most <see cref="MostAtOnce"/>.</param>
    /// <exception cref="IOException">It cannot be told now.</exception>
    Task<IReadOnlyList<LogObjectReference>> Unsettled(IReadOnlyList<LogObjectReference> listed, CancellationToken cancel = default);

    const int MostAtOnce = 1_000;
}
