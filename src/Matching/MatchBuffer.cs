namespace Yagura.Matching;

/// <summary>What a thread needs while it matches, kept from event to event so that matching allocates nothing. Not for two threads at once.</summary>
public sealed class MatchBuffer
{
}
