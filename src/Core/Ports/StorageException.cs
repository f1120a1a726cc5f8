namespace Yagura.Core.Ports;

/// <summary>The store cannot be opened, read or written; the message says for people which and why. What was to be written is not there, in no part.</summary>
public sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A paging token that this store did not give out, or gave out for another question.</summary>
public sealed class InvalidTokenException() : Exception("the paging token is not one that was given out for this question");
