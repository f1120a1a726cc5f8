namespace Yagura.Tests;

/// <summary>Bytes that an action allocates on its thread, once it runs as it always will.</summary>
internal static class Allocations
{
    private const int Rounds = 20;

    /// <summary>The least of several rounds: what the action itself allocates it allocates in every one, what compiling it anew takes only in some.</summary>
    public static long Of(Action action)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
