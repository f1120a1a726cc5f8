using Yagura.Simulation.CloudTrail;
using Yagura.Simulation.World;
using Yagura.Simulation.Writing;

namespace Yagura.Simulation.Scenarios;

/// <summary>One record that a scenario puts into the logs.</summary>
/// <param name="Time">Unix seconds.</param>
internal abstract record Act(Account Account, Region Region, long Time)
{
    public abstract LogKind Kind { get; }
    /// <summary>Last second the record covers.</summary>
    public virtual long EndTime => Time;
}

/// <summary>An API call.</summary>
/// <param name="Service">First part of the event source, such as <c>ec2</c>.</param>
internal sealed record ApiAct(Account Account, Region Region, long Time, string Service, string Name) : Act(Account, Region, Time)
{
    public override LogKind Kind => LogKind.CloudTrail;
    /// <summary>The caller; null when <see cref="Identity"/> says it.</summary>
    public Principal? Principal { get; init; }
    public string? Identity { get; init; }
    public required string Address { get; init; }
    public string? UserAgent { get; init; }
    public string? Request { get; init; }
    public string? Response { get; init; }
    public string? Error { get; init; }
    public bool ReadOnly { get; init; }
    public bool IsData { get; init; }
    public string? Bucket { get; init; }
    public string EventType { get; init; } = "AwsApiCall";
    public string? VpcEndpointId { get; init; }
    public string? VpcEndpointAccountId { get; init; }

    public CloudTrailEvent ToEvent() => new()
    {
        Identity = Identity is null ? Principal!.Identity : Template.Parse(Identity),
        Source = CloudTrailEvent.Bytes(Service + ".amazonaws.com"),
        Name = CloudTrailEvent.Bytes(Name),
        Address = CloudTrailEvent.Bytes(Address),
        UserAgent = UserAgent is not null ? CloudTrailEvent.Bytes(UserAgent) : Principal is not null ? UserAgents.Of(Principal) : CloudTrailEvent.Bytes(Address),
        ErrorCode = Error is null ? null : CloudTrailEvent.Bytes(Error),
        ErrorMessage = Error is null ? null : Template.Parse("The request failed."),
        Request = Request is null ? null : Template.Parse(Request),
        Response = Response is null ? null : Template.Parse(Response),
        Resources = Bucket is null ? null : Template.Parse("""[{"accountId":"<account>","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::<bucket>"}]"""),
        ReadOnly = ReadOnly,
        IsData = IsData,
        Type = CloudTrailEvent.Bytes(EventType),
        VpcEndpointId = VpcEndpointId,
        VpcEndpointAccountId = VpcEndpointAccountId,
        HasTls = true,
    };
}

/// <summary>One line of a flow log, from the interface's side.</summary>
internal sealed record FlowAct(Account Account, Instance Instance, long Time) : Act(Account, Instance.Region, Time)
{
    public override LogKind Kind => LogKind.VpcFlow;
    public required uint Remote { get; init; }
    public required int LocalPort { get; init; }
    public required int RemotePort { get; init; }
    /// <summary>True when the packets went to the remote side.</summary>
    public required bool Outgoing { get; init; }
    /// <summary>True when the instance opened the connection.</summary>
    public required bool InstanceIsClient { get; init; }
    public bool Rejected { get; init; }
    /// <summary>IANA number.</summary>
    public int Protocol { get; init; } = 6;
    public int Packets { get; init; } = 12;
    public int Bytes { get; init; } = 4_321;
    public override long EndTime => Time + 60;
}

/// <summary>One query of an instance.</summary>
/// <param name="QueryName">Without the final dot.</param>
internal sealed record DnsAct(Account Account, Instance Instance, long Time, string QueryName) : Act(Account, Instance.Region, Time)
{
    public override LogKind Kind => LogKind.Route53Resolver;
    public string Type { get; init; } = "A";
    /// <summary>The answer's address; null for NXDOMAIN.</summary>
    public string? Answer { get; init; } = "249.10.20.30";
    public bool Blocked { get; init; }
}
