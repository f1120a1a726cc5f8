using Yagura.Core;
using Yagura.Core.Findings;
using Yagura.Core.FindingTypes;
using Yagura.Detectors;

namespace Yagura.Engine.Sequences;

/// <summary>Something that may be a step of an attack: a finding, or calls that are none by themselves.</summary>
/// <param name="Uid">The finding's id; for calls a name that is the same for the same principal and API.</param>
/// <param name="Name">The finding's type, or the API.</param>
/// <param name="Tactic">Null where a user's own sequence alone makes something of it.</param>
/// <param name="What">What was seen, a clause.</param>
/// <param name="Detection">Who, at what, from where: as it was seen last.</param>
/// <param name="Occurrences">By time, at least one.</param>
internal sealed record Clue(
    string Uid, SignalType Type, string Name, Tactic? Tactic, string? Technique, string What, Detection Detection, long Count, IReadOnlyList<Occurrence> Occurrences)
{
    /// <summary>What the step is called in a user's own sequence; null in those that ship.</summary>
    public string? Step { get; init; }

    /// <summary>What the step is for, in a few words.</summary>
    public string Label => Step ?? Tactic?.Name() ?? Name;

    /// <summary>Null where it is no finding.</summary>
    public Finding? Finding { get; init; }

    /// <summary>A finding of misuse, of medium severity or more.</summary>
    public bool IsStrong { get; init; }

    /// <summary>It rests on what was learnt to be usual, and on nothing else.</summary>
    public bool IsAnomaly { get; init; }

    /// <summary>What clues share that may be one thing told twice: the address or name at the other end. Null where it stands for itself.</summary>
    public string? Cause { get; init; }

    /// <summary>Whether it reads out, opens or destroys what buckets hold.</summary>
    public bool IsOfData { get; init; }

    /// <summary>Who stands behind the principal, as far as records tell; null where there is none.</summary>
    public string? Actor { get; init; }

    /// <summary>Why it is told of the actor though another principal's; null where it is the actor's own.</summary>
    public string? JoinedBecause { get; init; }

    public IpAddress Address => (Detection.Action as AwsApiCallAction)?.RemoteIp?.Address ?? IpAddress.None;
}

/// <summary>A time at which a clue was seen.</summary>
/// <param name="Count">Records, as far as they are known one by one.</param>
internal sealed record Occurrence(DateTimeOffset First, DateTimeOffset Last, long Count, IReadOnlyList<Evidence> Evidence)
{
    private static readonly TimeSpan AnHour = TimeSpan.FromHours(1);

    /// <summary>When the records of a finding were: those kept one by one, and the hours of all others.</summary>
    public static IReadOnlyList<Occurrence> Of(FindingState state)
    {
        DateTimeOffset Clamp(DateTimeOffset time) => time < state.FirstSeen ? state.FirstSeen : time > state.LastSeen ? state.LastSeen : time;
        var known = state.Evidence.Where(evidence => evidence.Time >= state.FirstSeen && evidence.Time <= state.LastSeen).Select(evidence => new Occurrence(evidence.Time, evidence.Time, 1, [evidence]));
        var hours = (state.LaterHours ?? []).Select(hour => new DateTimeOffset(hour * TimeSpan.TicksPerHour, TimeSpan.Zero))
            .Select(hour => new Occurrence(Clamp(hour), state.LastSeen - hour > AnHour ? Clamp(hour + AnHour) : state.LastSeen, 1, [])); // the last hour there is has no end
        List<Occurrence> all = [.. known.Concat(hours).OrderBy(one => one.First).ThenBy(one => one.Evidence is [var first, ..] ? first.Identity : 0)];
        if (all.Count == 0) return [new(state.FirstSeen, state.LastSeen, 1, [])];
        all[^1] = all[^1] with { Last = state.LastSeen }; // a flow ends later than it begins
        return all;
    }
}
