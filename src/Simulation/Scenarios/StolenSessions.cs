using Yagura.Simulation.World;

namespace Yagura.Simulation.Scenarios;

/// <summary>Credentials of instances and functions used from somewhere else.</summary>
internal static class StolenSessions
{
    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        new("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS", LogKind.CloudTrail,
            stage => OfInstance(stage, stage.Soon(4), _ => stage.Unlisted(), "the instance's session is used from outside AWS"),
            ThroughOwnEndpoint,
            stage => OfInstance(stage, stage.Slowly(3), _ => stage.Unlisted(), "a call in many hours, each from another address")),
        new("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.InsideAWS", LogKind.CloudTrail,
            stage => OfInstance(stage, stage.Soon(4), region => Internet.Aws(region, 60_000), "the session is used from another machine within AWS"),
            NewElasticAddress,
            ThroughOwnGateway),
        new("UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS", LogKind.CloudTrail,
            stage => OfFunction(stage, stage.Soon(4)),
            AnotherAddressOfLambda,
            stage => OfFunction(stage, stage.Slowly(2))),
        new("UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.InsideAWS", LogKind.CloudTrail,
            ThroughForeignEndpoint,
            FunctionThroughOwnEndpoint,
            FromRentedInstance),
    ];

    private static ApiAct Make(Stage stage, Principal caller, Region region, long time, string address) =>
        new(stage.Account, region, time, "secretsmanager", "ListSecrets") { Principal = caller, Address = address, Request = """{"maxResults":100}""", ReadOnly = true };

    /// <summary>Shows the session at home, before and after, for who reads only this scenario; the background shows it too.</summary>
    private static void AtHome(Stage stage, Principal machine)
    {
        var instance = machine.Instance!;
        foreach (var time in new[] { Organization.Start + 60, Organization.Start + Organization.Seconds - 60 })
            stage.Do(Make(stage, machine, instance.Region, time, Internet.Text(instance.HomeAddress)));
    }

    private static void OfInstance(Stage stage, long[] times, Func<int, uint> address, string note)
    {
        var machine = stage.Machine(p => !p.Instance!.UsesEndpoint);
        AtHome(stage, machine);
        var foreign = times.Select(t => stage.Do(Make(stage, machine, machine.Instance!.Region, t, Internet.Text(address(machine.Instance.Region.Index))))).ToList();
        stage.Found(machine.Instance!.Id, machine.Arn, foreign, note);
    }

    private static void NewElasticAddress(Stage stage)
    {
        var machine = stage.NewMachine();
        var instance = machine.Instance!;
        var address = Internet.Text(Internet.Aws(instance.Region.Index, 50_000 + stage.Below(5_000)));
        var admin = stage.Caller();
        var times = stage.Slowly(6);
        ApiAct ByAdmin(long time, string name, string request, string response) => new(stage.Account, instance.Region, time, "ec2", name)
        {
            Principal = admin, Address = Internet.Text(stage.Office), Request = request, Response = response,
        };
        stage.Do(ByAdmin(times[0] - 300, "RunInstances",
            """{"instancesSet":{"items":[{"imageId":"ami-<hex17>","minCount":1,"maxCount":1}]},"instanceType":"m6i.large","subnetId":"<subnet>"}""",
            $$$"""{"requestId":"<uuid>","reservationId":"r-<hex17>","ownerId":"<account>","instancesSet":{"items":[{"instanceId":"{{{instance.Id}}}","imageId":"ami-<hex17>","instanceState":{"code":0,"name":"pending"},"instanceType":"m6i.large","subnetId":"<subnet>","vpcId":"<vpc>"}]}}"""));
        foreach (var time in times.Take(2)) stage.Do(Make(stage, machine, instance.Region, time, Internet.Text(instance.HomeAddress)));
        stage.Do(ByAdmin(times[2] - 120, "AssociateAddress",
            $$"""{"instanceId":"{{instance.Id}}","publicIp":"{{address}}","allocationId":"eipalloc-<hex17>","allowReassociation":false}""",
            """{"requestId":"<uuid>","_return":true,"associationId":"eipassoc-<hex17>"}"""));
        foreach (var time in times.Skip(2)) stage.Do(Make(stage, machine, instance.Region, time, address));
        stage.Quiet(instance.Id, machine.Arn, "a new instance is first behind the NAT gateway, then given an address of its own");
    }

    private static void ThroughOwnEndpoint(Stage stage)
    {
        var machine = stage.Machine(p => !p.Instance!.UsesEndpoint);
        var region = machine.Instance!.Region;
        AtHome(stage, machine);
        foreach (var time in stage.Soon(4))
        {
            stage.Do(Make(stage, machine, region, time, Internet.Text(machine.Instance.PrivateAddress)) with
            {
                VpcEndpointId = region.VpcEndpointId,
                VpcEndpointAccountId = stage.Account.Id,
            });
        }
        stage.Quiet(machine.Instance.Id, machine.Arn, "another address, but through the account's own VPC endpoint");
    }

    private static void ThroughOwnGateway(Stage stage)
    {
        var machine = stage.Machine(p => p.Instance!.PublicAddress is null && !p.Instance.UsesEndpoint);
        var instance = machine.Instance!;
        AtHome(stage, machine);
        foreach (var time in stage.Slowly(3)) stage.Do(Make(stage, machine, instance.Region, time, Internet.Text(instance.HomeAddress)));
        stage.Blind(instance.Id, machine.Arn, "used from a neighbour behind the same NAT gateway: the address is the instance's own");
    }

    private static void OfFunction(Stage stage, long[] times)
    {
        var function = stage.Function();
        foreach (var time in times) stage.Do(Make(stage, function, stage.Region, time, Internet.Text(stage.Unlisted())));
        stage.Found(FunctionArn(stage, function), function.Arn, "a function's session is used from outside AWS");
    }

    private static string FunctionArn(Stage stage, Principal function) => function.Function!.Replace("<region>", stage.Region.Name, StringComparison.Ordinal);

    private static void AnotherAddressOfLambda(Stage stage)
    {
        var function = stage.Function();
        foreach (var (i, time) in stage.Soon(4).Index()) stage.Do(Make(stage, function, stage.Region, time, Internet.Text(Internet.Aws(stage.Region.Index, 10 + i))));
        stage.Quiet(FunctionArn(stage, function), function.Arn, "functions change their addresses within AWS all the time");
    }

    private static void ThroughForeignEndpoint(Stage stage)
    {
        var function = stage.Function();
        foreach (var time in stage.Soon(4))
            stage.Do(Make(stage, function, stage.Region, time, "10.77.3.9") with { VpcEndpointId = "vpce-0fedcba9876543210", VpcEndpointAccountId = "999999999999" });
        stage.Found(FunctionArn(stage, function), function.Arn, "through the VPC endpoint of a foreign account");
    }

    private static void FunctionThroughOwnEndpoint(Stage stage)
    {
        var function = stage.Function();
        foreach (var time in stage.Soon(4))
            stage.Do(Make(stage, function, stage.Region, time, "10.16.3.9") with { VpcEndpointId = stage.Region.VpcEndpointId, VpcEndpointAccountId = stage.Account.Id });
        stage.Quiet(FunctionArn(stage, function), function.Arn, "through the account's own VPC endpoint");
    }

    private static void FromRentedInstance(Stage stage)
    {
        var function = stage.Function();
        foreach (var time in stage.Slowly(3)) stage.Do(Make(stage, function, stage.Region, time, Internet.Text(Internet.Aws(stage.Region.Index, 61_000))));
        stage.Blind(FunctionArn(stage, function), function.Arn, "from an instance the attacker rents: an address within AWS says nothing about a function");
    }
}
