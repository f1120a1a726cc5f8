namespace Yagura.Matching.Automaton;

/// <summary>Hands out small numbers and takes them back. A number may be used again at once: a match that still sees the old rules never sees the new ones.</summary>
internal sealed class SlotPool
{
    private readonly Stack<int> _free = [];

    /// <summary>One more than the largest number that was ever handed out.</summary>
    public int Capacity { get; private set; }

    public int Take() => _free.TryPop(out var slot) ? slot : Capacity++;

    public void Return(int slot) => _free.Push(slot);
}
