using Yagura.Simulation.Scenarios;
using Yagura.Simulation.World;
using Yagura.Simulation.Writing;

namespace Yagura.Simulation.CloudTrail;

/// <summary>CloudTrail delivery files, <c>{"Records":[…]}</c> on one line.</summary>
internal sealed class CloudTrailSource(Organization organization) : LogSource(organization)
{
    private const int ErrorPercent = 12;

    private static readonly ApiMix[] People = [ApiMix.Of(Api.Who.Person, home: true), ApiMix.Of(Api.Who.Person, home: false)];
    private static readonly ApiMix[] Machines = [ApiMix.Of(Api.Who.Machine, home: true), ApiMix.Of(Api.Who.Machine, home: false)];
    private static readonly ApiMix[] Services = [ApiMix.Of(Api.Who.Service, home: true), ApiMix.Of(Api.Who.Service, home: false)];

    /// <summary>AWS services that call on the account's behalf, with the service-linked role they use.</summary>
    private static readonly (byte[] Host, Template Service, Template Linked)[] Callers =
    [
        .. new[]
        {
            ("autoscaling", "AutoScaling"), ("ecs", "ECS"), ("elasticloadbalancing", "ElasticLoadBalancing"), ("config", "Config"), ("rds", "RDS"),
            ("inspector2", "AmazonInspector2"), ("ssm", "AmazonSSM"), ("lambda", "LambdaReplicator"), ("trustedadvisor", "TrustedAdvisor"), ("backup", "Backup"),
        }.Select(s => (
            CloudTrailEvent.Bytes($"{s.Item1}.amazonaws.com"),
            Template.Parse($$"""{"type":"AWSService","invokedBy":"{{s.Item1}}.amazonaws.com"}"""),
            Template.Parse($$$"""{"type":"AssumedRole","principalId":"AROA<key>A:{{{s.Item2}}}","arn":"arn:aws:sts::<account>:assumed-role/AWSServiceRoleFor{{{s.Item2}}}/{{{s.Item2}}}","accountId":"<account>","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROA<key>A","arn":"arn:aws:iam::<account>:role/aws-service-role/{{{s.Item1}}}.amazonaws.com/AWSServiceRoleFor{{{s.Item2}}}","accountId":"<account>","userName":"AWSServiceRoleFor{{{s.Item2}}}"},"attributes":{"creationDate":"<created>","mfaAuthenticated":"false"}},"invokedBy":"{{{s.Item1}}}.amazonaws.com"}"""))),
    ];

    /// <summary>The rarer identities: each appears now and then, as in real trails.</summary>
    private static readonly Template[] Rare =
    [
        """{"type":"AWSAccount","principalId":"AROA<key>A:<thing>","accountId":"<account>"}""",
        """{"type":"WebIdentityUser","principalId":"token.ci.example:ref:main:<thing>","userName":"ref:main:<thing>","identityProvider":"token.ci.example"}""",
        """{"type":"SAMLUser","principalId":"bXlJZFA=:<person>@corp.example","userName":"<person>@corp.example","identityProvider":"bXlJZFA="}""",
        """{"type":"FederatedUser","principalId":"<account>:<person>","arn":"arn:aws:sts::<account>:federated-user/<person>","accountId":"<account>","accessKeyId":"ASIA<key>","sessionContext":{"sessionIssuer":{"type":"IAMUser","principalId":"AIDA<key>A","arn":"arn:aws:iam::<account>:user/<user>","accountId":"<account>","userName":"<user>"},"attributes":{"creationDate":"<created>","mfaAuthenticated":"false"}}}""",
        """{"type":"IdentityCenterUser","accountId":"<account>","onBehalfOf":{"userId":"<uuid>","identityStoreArn":"arn:aws:identitystore::<account>:identitystore/d-9067012345"},"credentialId":"<uuid>"}""",
        """{"type":"Directory","principalId":"corp.example\\<person>","accountId":"<account>","userName":"<person>"}""",
        """{"type":"Unknown","principalId":"<account>","accountId":"<account>","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}""",
    ];

    /// <summary>Root appears in ordinary logs where a service acts for the account that owns it.</summary>
    private static readonly Template RootByService =
        """{"type":"Root","principalId":"<account>","arn":"arn:aws:iam::<account>:root","accountId":"<account>","sessionContext":{"attributes":{"creationDate":"<created>","mfaAuthenticated":"false"}},"invokedBy":"autoscaling.amazonaws.com"}""";

    private static readonly Template ServiceItself = """{"accountId":"<account>","invokedBy":"secretsmanager.amazonaws.com"}""";
    private static readonly Template Rotation = """{"ARN":"arn:aws:secretsmanager:<region>:<account>:secret:<stage>/<thing>/database-a1b2c3"}""";
    private static readonly byte[] SecretsManager = CloudTrailEvent.Bytes("secretsmanager.amazonaws.com");
    private static readonly byte[] RotationStarted = CloudTrailEvent.Bytes("RotationStarted");
    private static readonly byte[] AutoScaling = CloudTrailEvent.Bytes("autoscaling.amazonaws.com");

    private readonly CloudTrailEvent _event = new();
    private readonly Utf8Buffer _address = new();

    public override int MeanBytes => 1370;

    public override string PathOf(Account account, Region region, long time, ref SplitMix64 random) =>
        $"{Root(account)}/CloudTrail/{region.Name}/{Day(time)}/{account.Id}_CloudTrail_{region.Name}_{Minute(time)}_{Letters(ref random, 16)}.json.gz";

    public override void Begin(Utf8Buffer buffer, Account account, Region region) => buffer.Add("{\"Records\":["u8);

    public override void Between(Utf8Buffer buffer) => buffer.Add((byte)',');

    public override void End(Utf8Buffer buffer) => buffer.Add("]}"u8);

    /// <summary>The file stays JSON and the record says no time: month 99.</summary>
    public override void Corrupt(Utf8Buffer buffer, int start)
    {
        var record = buffer.From(start);
        "99"u8.CopyTo(record[(record.IndexOf("\"eventTime\":\""u8) + "\"eventTime\":\"2026-".Length)..]);
    }

    public override void Background(Utf8Buffer buffer, Scene scene)
    {
        ref var random = ref scene.Random;
        var e = _event;
        var home = scene.Region.Index == 0 ? 0 : 1;
        e.Type = CloudTrailEvent.ApiCallType;
        e.VpcEndpointId = null;
        e.HasTls = false;
        switch (random.Below(1000))
        {
            case < 110: // a service calls as itself
                {
                    var service = Callers[random.Skewed(Callers.Length)];
                    (e.Identity, e.Address, e.UserAgent) = (service.Service, service.Host, service.Host);
                    Use(Services[home].Draw(ref random), ref random);
                    break;
                }
            case < 190: // a service calls through its role in the account
                {
                    var service = Callers[random.Skewed(Callers.Length)];
                    (e.Identity, e.Address, e.UserAgent) = (service.Linked, service.Host, service.Host);
                    Use(Services[home].Draw(ref random), ref random);
                    break;
                }
            case < 203: // something happened without anybody calling
                (e.Identity, e.Address, e.UserAgent) = (ServiceItself, SecretsManager, SecretsManager);
                (e.Source, e.Name, e.Type) = (SecretsManager, RotationStarted, CloudTrailEvent.ServiceEventType);
                (e.Request, e.Response, e.Additional, e.Resources, e.ErrorCode, e.ReadOnly, e.IsData) = (null, null, Rotation, null, null, false, false);
                break;
            case < 223:
                e.Identity = Rare[random.Below(Rare.Length)];
                SetAddress(Internet.Office(scene.Account.Index, random.Below(4)));
                e.UserAgent = UserAgents.People[random.Below(UserAgents.People.Length)];
                Use(People[home].Draw(ref random), ref random);
                break;
            case < 224:
                (e.Identity, e.Address, e.UserAgent) = (RootByService, AutoScaling, AutoScaling);
                Use(Services[home].Draw(ref random), ref random);
                break;
            default:
                ByPrincipal(scene, ref random, home);
                break;
        }
        e.Write(buffer, scene);
    }

    private void ByPrincipal(Scene scene, ref SplitMix64 random, int home)
    {
        var e = _event;
        var principals = scene.Account.Principals;
        var principal = principals[random.Skewed(principals.Count)];
        if (principal.Instance is { } instance && instance.Region != scene.Region) principal = principals[principal.Number / 10 * 10 + 4]; // machines stay at home
        scene.Principal = principal;
        e.Identity = principal.Identity;
        var person = principal.Kind is PrincipalKind.User or PrincipalKind.Person;
        Use((person ? People : Machines)[home].Draw(ref random), ref random);
        e.UserAgent = UserAgents.Of(principal);
        e.HasTls = random.Percent(60);
        switch (principal.Kind)
        {
            case PrincipalKind.User or PrincipalKind.Person or PrincipalKind.Pipeline:
                SetAddress(Internet.Office(scene.Account.Index, principal.Desk));
                break;
            case PrincipalKind.Instance when principal.Instance!.UsesEndpoint && random.Percent(60):
                SetAddress(principal.Instance.PrivateAddress);
                (e.VpcEndpointId, e.VpcEndpointAccountId) = (scene.Region.VpcEndpointId, scene.Account.Id);
                break;
            case PrincipalKind.Instance:
                SetAddress(principal.Instance!.HomeAddress);
                break;
            case PrincipalKind.Task:
                SetAddress(scene.Region.GatewayAddress);
                break;
            default: // functions run wherever Lambda puts them
                SetAddress(Internet.Aws(scene.Region.Index, random.Below(Internet.FirstElastic)));
                break;
        }
    }

    private void Use(Api api, ref SplitMix64 random)
    {
        var e = _event;
        (e.Source, e.Name, e.Request, e.Response, e.Additional, e.Resources) = (api.Source, api.Name, api.Request, api.Response, api.Additional, api.Resources);
        (e.ReadOnly, e.IsData) = (api.ReadOnly, api.IsData);
        (e.ErrorCode, e.ErrorMessage) = random.Percent(ErrorPercent) ? (api.ErrorCode, api.ErrorMessage) : (null, null);
    }

    private void SetAddress(uint address)
    {
        _address.Clear();
        _address.Address(address);
        _event.Address = _address.Written.ToArray();
    }

    public override void Planted(Utf8Buffer buffer, Scene scene, Act act)
    {
        var call = (ApiAct)act;
        scene.Principal = call.Principal;
        scene.Bucket = call.Bucket ?? scene.Bucket;
        call.ToEvent().Write(buffer, scene);
    }
}
