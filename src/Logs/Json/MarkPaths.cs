namespace Yagura.Logs.Json;

/// <summary>Fields that tell what kind of record a JSON object is, beyond those of the kinds that are analysed.</summary>
internal enum Mark
{
    /// <summary>The message of a CloudWatch Logs event; the only field of an element of <c>logEvents</c> that is read.</summary>
    Message,
    MessageType, LogEvents, DetailType, Detail, CloudTrailEvent, Records, Events,
    EventVersion, S3, InsightDetails, DigestStartTime, ApiVersion, Kind, AuditId, ObjectRef, SchemaVersion, ServiceName, WebAclId, SchemaType, DatabaseActivity, ProductArn, GeneratorId,
}

internal static class MarkPaths
{
    /// <summary>The path of each <see cref="Mark"/>, in its order.</summary>
    public static readonly string[] All = [.. Enum.GetValues<Mark>().Select(PathOf)];

    private static string PathOf(Mark mark) => mark switch
    {
        Mark.Message => "message",
        Mark.MessageType => "messageType",
        Mark.LogEvents => "logEvents",
        Mark.DetailType => "detail-type",
        Mark.Detail => "detail",
        Mark.CloudTrailEvent => "CloudTrailEvent",
        Mark.Records => "Records",
        Mark.Events => "Events",
        Mark.EventVersion => "eventVersion",
        Mark.S3 => "s3",
        Mark.InsightDetails => "insightDetails",
        Mark.DigestStartTime => "digestStartTime",
        Mark.ApiVersion => "apiVersion",
        Mark.Kind => "kind",
        Mark.AuditId => "auditID",
        Mark.ObjectRef => "objectRef",
        Mark.SchemaVersion => "schemaVersion",
        Mark.ServiceName => "service.serviceName",
        Mark.WebAclId => "webaclId",
        Mark.SchemaType => "schemaType",
        Mark.DatabaseActivity => "databaseActivityEvents",
        Mark.ProductArn => "ProductArn",
        Mark.GeneratorId => "GeneratorId",
    };
}
