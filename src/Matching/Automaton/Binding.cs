namespace Yagura.Matching.Automaton;

/// <summary>Which elements of the event's lists are chosen while fields of one element are looked for.</summary>
/// <remarks>An element is an object or a list that lies in a list; elements are numbered from 1, lists from 0. Whoever chooses an element has chosen all that
/// hold it too.</remarks>
internal sealed class Binding
{
    private int[] _parents = new int[64], _lists = new int[64]; // of each element
    private int[] _chosen = new int[16];                        // of each list; 0 for none
    private int _elements, _listCount;
    private int[] _undo = new int[16];
    private int _steps;

    /// <summary>How many choices there are.</summary>
    public int Depth { get; private set; }

    /// <summary>True where the event has lists of objects or of lists on the way to a field that is read.</summary>
    public bool HasElements => _elements > 0;

    public void Clear()
    {
        _elements = _listCount = _steps = 0;
        Depth = 0;
    }

    public int AddList()
    {
        if (_listCount == _chosen.Length) Array.Resize(ref _chosen, _chosen.Length * 2);
        _chosen[_listCount] = 0;
        return _listCount++;
    }

    /// <param name="parent">The element that holds the list; 0 for none.</param>
    public int AddElement(int list, int parent)
    {
        var element = ++_elements;
        if (element == _parents.Length)
        {
            Array.Resize(ref _parents, element * 2);
            Array.Resize(ref _lists, element * 2);
        }
        _parents[element] = parent;
        _lists[element] = list;
        return element;
    }

    /// <summary>Counts a step.</summary>
    /// <returns>False where there were too many in this event.</returns>
    public bool Step() => ++_steps <= MatchLimits.Steps;

    /// <summary>Chooses an element and all that hold it.</summary>
    /// <returns>False, with nothing changed, where another element of one of the lists is chosen already.</returns>
    public bool TryChoose(int element)
    {
        var before = Depth;
        for (; element != 0; element = _parents[element])
        {
            ref var chosen = ref _chosen[_lists[element]];
            if (chosen == element) return true;
            if (chosen != 0)
            {
                Undo(before);
                return false;
            }
            chosen = element;
            if (Depth == _undo.Length) Array.Resize(ref _undo, Depth * 2);
            _undo[Depth++] = _lists[element];
        }
        return true;
    }

    /// <summary>Takes choices back until so many are left.</summary>
    public void Undo(int depth)
    {
        while (Depth > depth) _chosen[_undo[--Depth]] = 0;
    }
}
