using Yagura.Core.FindingTypes;
using Yagura.Logs;

namespace Yagura.Detectors;

/// <summary>Decides on single records: a condition that one record meets or does not.</summary>
/// <remarks>Stateless and shared by all reading threads. A quiet record must cost little and allocate nothing; what is allocated for a match does
/// not matter. Anything that needs to have seen other records is a <see cref="StatefulDetector{TEvent, TState}"/>.</remarks>
public abstract class Detector<TEvent> where TEvent : LogEvent
{
    /// <summary>The finding types it can report, each with what it needs to be on.</summary>
    public abstract IReadOnlyList<TypeBinding> Types { get; }

    /// <summary>Only records of these API names are shown to the detector; empty: all. Other logs have no names and ignore it.</summary>
    public virtual IReadOnlyList<string> EventNames => [];

    /// <summary>True: only flow records with an end on some list of addresses are shown to the detector. Other logs ignore it.</summary>
    public virtual bool ListedEndsOnly => false;

    /// <summary>Reports to <paramref name="found"/> what the record shows, nothing for a quiet record.</summary>
    public abstract void Detect(TEvent record, Knowledge knowledge, IDetections found);
}

/// <summary>Receives detections of the record at hand.</summary>
public interface IDetections
{
    void Add(Detection detection);
}

/// <summary>A finding type as one detector provides it.</summary>
public record TypeBinding(FindingType Type)
{
    public TypeBinding(string type) : this(new FindingType(type)) { }

    /// <summary>Why the type cannot be found with this knowledge (<c>no list</c>), or null when it is on.</summary>
    public virtual string? Off(Knowledge knowledge) => null;
}
