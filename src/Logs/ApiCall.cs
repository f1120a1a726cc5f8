using System.Buffers;
using System.Runtime.CompilerServices;
using Yagura.Core;

namespace Yagura.Logs;

/// <summary>The fields of an API call that detectors read by name; each is a path in a CloudTrail record.</summary>
public enum ApiField
{
    EventTime, EventName, EventSource, EventType, EventCategory, EventId, RequestId, Region, RecipientAccountId,
    SourceIpAddress, UserAgent, ErrorCode, ErrorMessage, ReadOnly, ManagementEvent, VpcEndpointId, VpcEndpointAccountId,
    UserType, PrincipalId, UserArn, UserAccountId, AccessKeyId, UserName, InvokedBy, IdentityProvider, CredentialId,
    IssuerType, IssuerPrincipalId, IssuerArn, IssuerAccountId, IssuerUserName, SessionCreationDate, MfaAuthenticated, Ec2RoleDelivery,
    /// <summary><c>userIdentity.inScopeOf</c>: the Lambda function or ECS task the credentials were issued to.</summary>
    IssuedToType, IssuedTo, AssumedRootSession,
    /// <summary>Raw JSON of the object, not unescaped.</summary>
    RequestParameters,
    /// <inheritdoc cref="RequestParameters"/>
    ResponseElements,
    /// <inheritdoc cref="RequestParameters"/>
    AdditionalEventData,
    /// <inheritdoc cref="RequestParameters"/>
    Resources,
}

/// <summary>One call of an AWS API: a CloudTrail record, or a line of an S3 server access log told in the same words.</summary>
/// <remarks>Text fields are UTF-8, unescaped; absent and null fields are empty. Sources: AWS CloudTrail user guide, "CloudTrail record contents"
/// and "userIdentity element"; Amazon S3 user guide, "server access log format".</remarks>
public sealed class ApiCall : LogEvent
{
    private const int Known = (int)ApiField.Resources + 1;

    private readonly FieldSlot[] _slots;
    private LogType _logType;
    private FieldSlot _raw;

    /// <param name="extraSlots">Slots beyond the known fields, one per path that a loaded rule reads.</param>
    internal ApiCall(int extraSlots = 0) => _slots = new FieldSlot[Known + extraSlots];

    /// <summary>A view of slots that somebody else fills.</summary>
    internal ApiCall(FieldSlot[] slots) => _slots = slots;

    /// <summary>Empties all slots and shows a new record.</summary>
    internal void Begin(LogType logType, byte[] bytes, int start, int length)
    {
        Array.Clear(_slots);
        Show(logType, bytes, start, length);
    }

    /// <summary>Shows a new record whose slots are filled already.</summary>
    internal void Show(LogType logType, byte[] bytes, int start, int length)
    {
        _logType = logType;
        _raw = new() { Bytes = bytes, Start = start, Length = length };
        Address = default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Set(int slot, byte[] bytes, int start, int length) => _slots[slot] = new() { Bytes = bytes, Start = start, Length = length };

    public ReadOnlySpan<byte> this[ApiField field] => this[(int)field];

    /// <summary>A slot by number: the known fields first, then those a projection added.</summary>
    public ReadOnlySpan<byte> this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _slots[slot].Span;
    }

    public override LogType LogType => _logType;
    public override ReadOnlySpan<byte> Raw => _raw.Span;

    /// <summary>The account whose log this is: <c>recipientAccountId</c>, else that of the identity. An access log names none: its requester may be of any account.</summary>
    public override ReadOnlySpan<byte> AccountId =>
        this[ApiField.RecipientAccountId] is { IsEmpty: false } recipient ? recipient
        : LogType == LogType.S3Access ? Hints.Account
        : this[ApiField.UserAccountId];

    /// <summary>The caller's address; <see cref="IpAddress.None"/> where the text is a service's name or no address at all.</summary>
    public IpAddress Address { get; internal set; }

    public ReadOnlySpan<byte> Name => this[ApiField.EventName];
    public ReadOnlySpan<byte> Source => this[ApiField.EventSource];
    public ReadOnlySpan<byte> Region => this[ApiField.Region] is { IsEmpty: false } region ? region : Hints.Region;

    /// <summary>An S3 object-level call (a data event, or a line of a server access log).</summary>
    public bool IsS3DataEvent => LogType == LogType.S3Access || (Source.SequenceEqual("s3.amazonaws.com"u8) && !IsManagementEvent);

    /// <summary>Per <c>eventCategory</c> or <c>managementEvent</c>; older records carry neither, and S3 object calls are recognised by name.</summary>
    public bool IsManagementEvent =>
        this[ApiField.EventCategory] is { IsEmpty: false } category ? category.SequenceEqual("Management"u8)
        : this[ApiField.ManagementEvent] is { IsEmpty: false } flag ? flag.SequenceEqual("true"u8)
        : !S3Access.S3Operations.IsData(Source, Name);

    public bool Succeeded => this[ApiField.ErrorCode].IsEmpty;

    public override ReadOnlySpan<byte> AsJson(ArrayBufferWriter<byte> writer) => LogType == LogType.S3Access ? S3Access.S3AccessJson.Write(Raw, writer) : Raw;

    public override UInt128 Identity =>
        // An S3 call is the same call in a data event and in an access log: both carry the request id.
        IsS3DataEvent && this[ApiField.RequestId] is { IsEmpty: false } request ? ContentHash.Of(request)
        : this[ApiField.EventId] is { IsEmpty: false } id ? ContentHash.Of(id)
        : ContentHash.Of(Raw);
}
