using System.Text.Json;
using Yagura.Core.Findings;
using Yagura.Detectors;
using Yagura.Engine.State;
using Yagura.Logs;

namespace Yagura.Engine.Findings;

/// <summary>An instance as the answer of <c>RunInstances</c> described it.</summary>
public sealed record LearnedInstance(DateTimeOffset Time, InstanceDetails Details)
{
    /// <summary>Adds the instances of a successful <c>RunInstances</c> call.</summary>
    internal static void Learn(ApiCall call, List<LearnedInstance> into)
    {
        if (!RequestJson.TryParse(call[ApiField.ResponseElements], out var answer)) return;
        using (answer)
        {
            foreach (var item in answer.RootElement.Child("instancesSet").Child("items").Items())
            {
                var details = InstanceReader.Read(item, InstanceReader.Casing.Camel);
                if (details.InstanceId is not null) into.Add(new LearnedInstance(call.Time, details));
            }
        }
    }
}

/// <summary>Everything known of instances: the inventory first, then what launches said. Merging is order-free: the latest launch answer wins.</summary>
public sealed class InstanceBook(Inventory inventory)
{
    /// <summary>Instances remembered from launches.</summary>
    public const int MostInstances = 100_000;

    private readonly Dictionary<string, LearnedInstance> _learned = new(StringComparer.Ordinal);

    public IEnumerable<LearnedInstance> Learned => _learned.Values;

    /// <summary>Launches that were not remembered because of <see cref="MostInstances"/>.</summary>
    public long Refused { get; private set; }

    public void Add(LearnedInstance instance)
    {
        var id = instance.Details.InstanceId!;
        if (_learned.TryGetValue(id, out var known))
        {
            // Of two answers at one time the same one wins in any order of reading.
            if ((known.Time, Text(known)).CompareTo((instance.Time, Text(instance))) < 0) _learned[id] = instance;
        }
        else if (_learned.Count < MostInstances) _learned.Add(id, instance);
        else Refused++;
    }

    /// <summary>The fullest description of what a detector could only name.</summary>
    public InstanceDetails? Complete(InstanceDetails? named)
    {
        if (named?.InstanceId is not { } id) return named;
        return inventory.Instance(id) ?? (_learned.TryGetValue(id, out var learned) ? learned.Details : named);
    }

    private static string Text(LearnedInstance instance) => JsonSerializer.Serialize(instance.Details, StateJson.Of<InstanceDetails>());
}
