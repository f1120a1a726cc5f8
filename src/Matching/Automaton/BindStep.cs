using System.Runtime.CompilerServices;

namespace Yagura.Matching.Automaton;

/// <summary>One step of finding values that lie in the same elements; the steps behind it are tried for each way to take it.</summary>
/// <param name="next">Null where nothing is left, which is success.</param>
internal abstract class BindStep(BindStep? next)
{
    protected BindStep? Next => next;

    /// <summary>Takes this step in every way until the rest can be taken too.</summary>
    protected abstract bool Take(MatchBuffer buffer);

    public static bool Run(MatchBuffer buffer, BindStep? step)
    {
        // A field without lists around it binds nothing: a loop for those, recursion for the others.
        while (step is FieldStep field && !buffer.IsNested(field.Term.Field))
        {
            if (!field.Term.Holds(buffer)) return false;
            step = step.Next;
        }
        if (step is null) return true;
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack() || !buffer.Binding.Step())
        {
            buffer.Fault = EventFault.TooManySteps;
            return false;
        }
        return step.Take(buffer);
    }
}

/// <summary>A value of the term's field that passes.</summary>
internal sealed class FieldStep(Term term, BindStep? next) : BindStep(next)
{
    public Term Term => term;

    protected override bool Take(MatchBuffer buffer)
    {
        var binding = buffer.Binding;
        var before = binding.Depth;
        var triedWithoutChoice = false;
        for (var value = buffer.First(term.Field); value >= 0; value = buffer.Values[value].Next)
        {
            if (!binding.Step()) buffer.Fault = EventFault.TooManySteps;
            if (buffer.Fault != EventFault.None) return false;
            if (!binding.TryChoose(buffer.Values[value].Element)) continue;
            // All values that leave the choices as they are lead to the same end.
            var choosesNothing = binding.Depth == before;
            if ((!choosesNothing || !triedWithoutChoice) && term.Test.Passes(buffer, value))
            {
                triedWithoutChoice |= choosesNothing;
                if (Run(buffer, Next))
                {
                    binding.Undo(before);
                    return true;
                }
            }
            binding.Undo(before);
        }
        return false;
    }
}

/// <summary>A value of the term's field that is that of another field.</summary>
internal sealed class SameStep(Term term, SameAsTest test, BindStep? next) : BindStep(next)
{
    protected override bool Take(MatchBuffer buffer)
    {
        var binding = buffer.Binding;
        var before = binding.Depth;
        for (var value = buffer.First(term.Field); value >= 0; value = buffer.Values[value].Next)
        {
            if (!binding.TryChoose(buffer.Values[value].Element)) continue;
            var between = binding.Depth;
            for (var other = buffer.First(test.Field); other >= 0; other = buffer.Values[other].Next)
            {
                if (!binding.Step()) buffer.Fault = EventFault.TooManySteps;
                if (buffer.Fault != EventFault.None)
                {
                    binding.Undo(before);
                    return false;
                }
                if (!binding.TryChoose(buffer.Values[other].Element)) continue;
                if (test.Compare(buffer, value, other) && Run(buffer, Next))
                {
                    binding.Undo(before);
                    return true;
                }
                binding.Undo(between);
            }
            binding.Undo(before);
        }
        return false;
    }
}

/// <summary>One of several ways.</summary>
internal sealed class EitherStep(BindStep?[] ways) : BindStep(null)
{
    protected override bool Take(MatchBuffer buffer)
    {
        foreach (var way in ways)
        {
            if (Run(buffer, way)) return true;
            if (buffer.Fault != EventFault.None) return false;
        }
        return false;
    }
}

/// <summary>There is no way, from the elements chosen so far, to take the steps inside.</summary>
internal sealed class AbsentStep(BindStep? inside, BindStep? next) : BindStep(next)
{
    protected override bool Take(MatchBuffer buffer) => !Run(buffer, inside) && buffer.Fault == EventFault.None && Run(buffer, Next);
}

/// <summary>Something that does not depend on the elements chosen.</summary>
internal sealed class OtherStep(Check check, BindStep? next) : BindStep(next)
{
    // Was answered before the first choice: it chooses elements itself.
    protected override bool Take(MatchBuffer buffer) => check.Holds(buffer) && Run(buffer, Next);
}
