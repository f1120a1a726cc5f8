namespace Yagura.Engine.State;

/// <summary>The state folder cannot be opened, is damaged or cannot be written; the message says which and why.</summary>
public sealed class StateException(string message, Exception inner) : Exception(message, inner)
{
    /// <summary>Runs what reads or writes the state, so that its failures are told from those of logs and of the output.</summary>
    internal static T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new StateException(e.Message, e);
        }
    }
}
