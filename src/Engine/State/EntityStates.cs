using System.Text.Json;
using Yagura.Detectors;
using Yagura.Logs;

namespace Yagura.Engine.State;

/// <summary>One entity's step or state, with its type known only to its own detector.</summary>
public readonly record struct EntityStep(string Detector, EntityKey Key, object Value);

/// <summary>What a partition needs of a detector with state, whatever the state's type.</summary>
internal interface IEntityStates
{
    string Detector { get; }

    /// <summary>Merges a step and returns what the entity's state shows now.</summary>
    /// <param name="evicted">An entity whose state was given up to make room.</param>
    IReadOnlyList<Decision> Merge(EntityStep step, Knowledge knowledge, out EntityKey? evicted);

    /// <summary>Entities whose state was given up to stay within the limit.</summary>
    long Evicted { get; }

    /// <summary>Every state, the least recently used first, so that restoring them in this order restores the order too.</summary>
    IEnumerable<EntityStep> All { get; }

    JsonElement Serialize(object value);
    object Deserialize(JsonElement value);
}

/// <summary>The states of one detector within one partition; owned by the partition's single thread.</summary>
internal sealed class EntityStates<TEvent, TState>(StatefulDetector<TEvent, TState> detector, int limit) : IEntityStates
    where TEvent : LogEvent
    where TState : class, IMergeable<TState>, new()
{
    private readonly Dictionary<EntityKey, LinkedListNode<(EntityKey Key, TState State)>> _states = [];
    private readonly LinkedList<(EntityKey Key, TState State)> _byUse = [];
    private long _evicted;

    public string Detector => detector.Name;
    public long Evicted => _evicted + (typeof(IBounded).IsAssignableFrom(typeof(TState)) ? _byUse.Sum(entity => ((IBounded)entity.State).Evicted) : 0);
    public IEnumerable<EntityStep> All => _byUse.Select(entity => new EntityStep(detector.Name, entity.Key, entity.State));

    public IReadOnlyList<Decision> Merge(EntityStep step, Knowledge knowledge, out EntityKey? evicted)
    {
        evicted = null;
        if (_states.TryGetValue(step.Key, out var entity)) _byUse.Remove(entity);
        else
        {
            _states.Add(step.Key, entity = new((step.Key, new TState())));
            if (_states.Count > limit) evicted = EvictLeastRecentlyUsed();
        }
        _byUse.AddLast(entity);
        entity.Value.State.Merge((TState)step.Value);
        return [.. detector.Decide(entity.Value.State, knowledge)];
    }

    private EntityKey EvictLeastRecentlyUsed()
    {
        var oldest = _byUse.First!.Value.Key;
        _byUse.RemoveFirst();
        _states.Remove(oldest);
        _evicted++;
        return oldest;
    }

    public JsonElement Serialize(object value) => JsonSerializer.SerializeToElement((TState)value, StateJson.Of<TState>());
    public object Deserialize(JsonElement value) => value.Deserialize(StateJson.Of<TState>())!;
}

/// <summary>The steps of one detector within the object being read.</summary>
/// <remarks>A class and no interface, since each record of a log calls it for each detector.</remarks>
internal abstract class ObjectSteps<TEvent> where TEvent : LogEvent
{
    /// <summary>The detector, as failures name it.</summary>
    public abstract string Detector { get; }

    public abstract void Observe(TEvent record, Knowledge knowledge);

    /// <summary>Takes the steps out, which leaves none.</summary>
    public abstract void Drain(ICollection<EntityStep> into);
}

internal sealed class ObjectSteps<TEvent, TState>(StatefulDetector<TEvent, TState> detector, Func<string> objectName, OwnAddresses ownAddresses) : ObjectSteps<TEvent>, ISteps<TState>
    where TEvent : LogEvent
    where TState : class, IMergeable<TState>, new()
{
    private readonly Dictionary<EntityKey, TState> _steps = [];
    private EntityKey _lastKey;
    private TState? _last;

    public override string Detector => detector.GetType().Name;

    public string ObjectName => objectName();

    public OwnAddress OwnAddress(FlowRecord flow) => ownAddresses.Of(flow);

    public TState Of(EntityKey key)
    {
        if (_last is not null && key == _lastKey) return _last;
        if (!_steps.TryGetValue(key, out var step)) _steps.Add(key, step = new TState());
        (_lastKey, _last) = (key, step);
        return step;
    }

    public override void Observe(TEvent record, Knowledge knowledge) => detector.Observe(record, knowledge, this);

    public override void Drain(ICollection<EntityStep> into)
    {
        _last = null;
        foreach (var (key, step) in _steps) into.Add(new EntityStep(detector.Name, key, step));
        _steps.Clear();
    }
}

/// <summary>Makes the typed stores of a detector.</summary>
internal sealed class StatesOf<TEvent>(int limit) : IStatefulDetectorVisitor<TEvent, IEntityStates> where TEvent : LogEvent
{
    public IEntityStates Visit<TState>(StatefulDetector<TEvent, TState> detector) where TState : class, IMergeable<TState>, new() =>
        new EntityStates<TEvent, TState>(detector, limit);
}

/// <inheritdoc cref="StatesOf{TEvent}"/>
internal sealed class StepsOf<TEvent>(Func<string> objectName, OwnAddresses ownAddresses) : IStatefulDetectorVisitor<TEvent, ObjectSteps<TEvent>> where TEvent : LogEvent
{
    public ObjectSteps<TEvent> Visit<TState>(StatefulDetector<TEvent, TState> detector) where TState : class, IMergeable<TState>, new() =>
        new ObjectSteps<TEvent, TState>(detector, objectName, ownAddresses);
}
