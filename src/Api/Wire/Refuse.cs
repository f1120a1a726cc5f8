namespace Yagura.Api.Wire;

/// <summary>The ways in which GuardDuty refuses. Clients such as Terraform look for some of the sentences, so they are the service's.</summary>
/// <remarks>Source: answers of the real service as quoted in public issues of its clients, and API model 2017-11-28.</remarks>
internal static class Refuse
{
    public static AwsException BadRequest(string message) => new(400, "BadRequestException", message, "InvalidInputException");

    /// <param name="reason">What would have been right, as the end of a sentence.</param>
    public static AwsException Invalid(string parameter, string? reason = null) =>
        BadRequest($"The request is rejected because the parameter {parameter} has an invalid value{(reason is null ? "" : ": " + reason)}.");

    public static AwsException Missing(string parameter) => BadRequest($"The request is rejected because the required parameter {parameter} is missing.");

    public static AwsException NotOwned() => BadRequest("The request is rejected because the input detectorId is not owned by the current account.");

    public static AwsException NoSuchResource() => BadRequest("The request is rejected since no such resource found.");

    public static AwsException AlreadyExists(string what) => BadRequest($"The request is rejected because {what} already exists.");

    public static AwsException TooMany(string what, int most) =>
        BadRequest($"The request is rejected because the current account has reached its limit of {most} {what}.");

    public static AwsException NotFound(string message) => new(404, "ResourceNotFoundException", message);

    public static AwsException Conflict(string message) => new(409, "ConflictException", message);

    public static AwsException Internal() => new(500, "InternalServerErrorException", "An internal server error occurred.");

    public static AwsException AccessDenied(string caller, string operation, string resource) => new(
        403, "AccessDeniedException", $"User: {caller} is not authorized to perform: {operation} on resource: {resource}");

    public static AwsException UnknownOperation() => new(404, "UnknownOperationException", "There is no operation with this method and path.");

    /// <param name="most">Bytes.</param>
    public static AwsException TooLarge(int most) => new(413, "RequestTooLargeException", $"The request is larger than {most} bytes.");

    public static AwsException NotJson() => new(400, "SerializationException", "The body of the request is not a JSON object.");
}
