namespace Yagura.Matching.Automaton;

/// <summary>All that a match needs to know of the rules of one moment. Never changed: who adds or removes a rule makes another that shares most parts.</summary>
/// <param name="Every">The field that takes every value of the event; null where no rule asks for that.</param>
/// <param name="Always">The clauses without an anchor, which are decided for each event.</param>
/// <param name="Fields">One more than the largest number of a field; the same for the others.</param>
internal sealed record Snapshot(Node Root, FieldEntry? Every, Posting Always, int Fields, int Terms, int Clauses, int Rules)
{
    public static readonly Snapshot Empty = new(Node.Empty, null, Posting.Empty, 0, MatchBuffer.AlwaysTrue + 1, 0, 0);

    /// <summary>Leaves the rules that an event fulfils in the buffer's hits.</summary>
    public void Match(ReadOnlySpan<byte> json, MatchBuffer buffer)
    {
        buffer.Begin(Fields, Terms, Clauses, Rules);
        if (!EventWalk.Read(json, Root, Every, buffer) || buffer.Fault != EventFault.None) return;
        for (var i = 0; i < buffer.TouchedCount; i++)
        {
            var field = buffer.Touched[i];
            if (field.Index.IsEmpty) continue;
            for (var value = buffer.First(field.Id); value >= 0; value = buffer.Values[value].Next) field.Index.Meet(buffer, value);
        }
        buffer.Decide(Always);
    }
}
