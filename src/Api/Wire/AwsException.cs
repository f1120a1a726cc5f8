namespace Yagura.Api.Wire;

/// <summary>A request that is refused, in the words and with the code that AWS would use; <see cref="Replies"/> writes it.</summary>
/// <param name="status">HTTP status, 4xx or 5xx.</param>
/// <param name="code">The exception's name that clients see, such as <c>BadRequestException</c>; header <c>x-amzn-ErrorType</c>.</param>
/// <param name="type">The finer <c>__type</c> of the body, where the service gives one.</param>
public sealed class AwsException(int status, string code, string message, string? type = null) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public string Type { get; } = type ?? code;
}
