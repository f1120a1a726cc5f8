using Yagura.Core.Findings;

namespace Yagura.Engine.Sequences;

/// <summary>Instances that were made alike: whoever got into one gets into the others.</summary>
/// <remarks>An image or a VPC makes no group here, though GuardDuty's guide names them: in most accounts they are shared by servers that have nothing to do with each other.</remarks>
/// <param name="Name">An ARN or a name; the instance's id where it stands alone.</param>
/// <param name="Type">Null where it stands alone.</param>
internal sealed record InstanceGroup(string Name, SequenceResourceType? Type)
{
    /// <summary>The closest group that is known of an instance.</summary>
    public static InstanceGroup Of(InstanceDetails instance)
    {
        string? Tag(string key) => instance.Tags.FirstOrDefault(tag => tag.Key == key)?.Value;
        return Tag("aws:autoscaling:groupName") is { Length: > 0 } scaling ? new(scaling, SequenceResourceType.AutoscalingAutoScalingGroup)
            : Tag("aws:ec2launchtemplate:id") is { Length: > 0 } template ? new(template, SequenceResourceType.Ec2LaunchTemplate)
            : Tag("aws:cloudformation:stack-id") is { Length: > 0 } stack ? new(stack, SequenceResourceType.CloudformationStack)
            : instance.IamInstanceProfile?.Arn is { Length: > 0 } profile ? new(profile, SequenceResourceType.IamInstanceProfile)
            : new(instance.InstanceId!, null);
    }
}
