namespace Yagura.Matching.Automaton;

/// <summary>Hands out small numbers and takes them back. A number may be used again at once: a match that still sees the old rules never sees the new ones.</summary>
/// <param name="first">The first number.</param>
internal sealed class SlotPool(int first = 0)
{
    private readonly Stack<int> _free = [];

    /// <summary>One more than the largest number that was ever handed out.</summary>
    public int Capacity { get; private set; } = first;

    public int Take() => _free.TryPop(out var slot) ? slot : Capacity++;

    public void Return(int slot) => _free.Push(slot);
}
