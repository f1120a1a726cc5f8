namespace Yagura.Intel;

/// <summary>A configuration of the intelligence that cannot be used; the message names the file and every mistake in it, for a person to read.</summary>
public sealed class IntelException(string message) : Exception(message);
