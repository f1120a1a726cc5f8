using Yagura.Simulation.World;

namespace Yagura.Simulation.Scenarios;

/// <summary>Where one plan is acted out: an account, actors that no other plan uses, times, and what is to come of it.</summary>
internal sealed class Stage(Casting casting, Account account, Scenario scenario, PlanKind kind, SplitMix64 random)
{
    private readonly List<Act> _acts = [];
    private readonly List<Expectation> _expectations = [];
    private SplitMix64 _random = random;

    public IReadOnlyList<Act> Acts => _acts;
    public IReadOnlyList<Expectation> Expectations => _expectations;
    public Account Account => account;
    /// <summary>The region that logs the global services.</summary>
    public Region Home => account.Regions[0];
    /// <summary>The region of this plan, one of the account's.</summary>
    public Region Region { get; } = account.Regions[random.Below(account.Regions.Count)];
    /// <summary>A bucket that only this plan touches.</summary>
    public string Bucket { get; } = $"{Names.Things[random.Below(Names.Things.Length)]}-{account.Prefix}-{(uint)random.Next():x8}";

    /// <summary>A user or role nobody else of the scenarios is; it also works in the background.</summary>
    public Principal Caller() => casting.Next(account, p => p.Kind is PrincipalKind.User or PrincipalKind.Pipeline);

    /// <summary>An instance no other plan uses, with its role.</summary>
    public Principal Machine(Func<Principal, bool>? suits = null) => casting.Next(account, p => p.Kind == PrincipalKind.Instance && (suits is null || suits(p)));

    /// <summary>An instance that is started today: the inventory and the background do not know it. It has no address of its own.</summary>
    public Principal NewMachine()
    {
        const int number = 1; // one without an elastic address
        return new(account, 10_007, new Instance(Region, number, ref _random), ref _random);
    }

    public Principal Function() => casting.Next(account, p => p.Kind == PrincipalKind.Function);

    public int Below(int limit) => _random.Below(limit);

    /// <summary>An address on a list.</summary>
    public uint Listed(ThreatLists.Kind list) => ThreatLists.Address(list, _random.Below(1 << 16));

    /// <summary>An address that no list names and that is not AWS's.</summary>
    public uint Unlisted() => Internet.Anybody(ref _random);

    /// <summary>Where a principal of the account usually works from.</summary>
    public uint Office => Internet.Office(account.Index, 0);

    /// <summary>Different seconds in order, within <paramref name="window"/> somewhere in the corpus, half an hour away from its ends.</summary>
    public long[] Times(int count, TimeSpan window)
    {
        const int margin = 1800;
        var seconds = (int)Math.Min(window.TotalSeconds, Organization.Seconds - 2 * margin);
        var first = Organization.Start + margin + _random.Below(Organization.Seconds - 2 * margin - seconds + 1);
        // One time in each of the window's equal parts, so that they differ and lie in order.
        var part = seconds / count;
        return [.. Enumerable.Range(0, count).Select(i => first + i * part + _random.Below(part))];
    }

    /// <summary>Minutes apart: an attacker at work.</summary>
    public long[] Soon(int count) => Times(count, TimeSpan.FromMinutes(40));

    /// <summary>The same from six o'clock on, so that the day before tells what is usual.</summary>
    public long[] SoonByDay(int count) => Soon(count) is var times && times[0] < Organization.Start + 6 * 3_600 ? [.. times.Select(time => time + 6 * 3_600)] : times;

    /// <summary>Over the whole day: one with patience.</summary>
    public long[] Slowly(int count) => Times(count, TimeSpan.FromHours(22));

    /// <summary>A second of each of the days before, the first day first: the past that tells what is usual.</summary>
    public long[] Before(int days) => [.. Enumerable.Range(1, days).Select(day => Organization.Start - (days + 1 - day) * Organization.Seconds + _random.Below(Organization.Seconds))];

    public T Do<T>(T act) where T : Act
    {
        _acts.Add(act);
        return act;
    }

    /// <summary>The acts given are what the finding of <paramref name="type"/> (by default the scenario's) counts.</summary>
    public void Found(string subject, string? principal, IReadOnlyCollection<Act> acts, string note, string? type = null) => _expectations.Add(new(
        kind, type ?? scenario.Type, account.Id, RegionOf(type ?? scenario.Type, acts.First()), subject, principal, acts.Count, acts.Min(a => a.Time), acts.Max(a => a.EndTime), Outcome.Found, note));

    /// <summary>All acts so far are what the finding counts.</summary>
    public void Found(string subject, string? principal, string note) => Found(subject, principal, _acts, note);

    /// <summary>The acts given are the signals of one attack sequence.</summary>
    /// <param name="subject">The actor, or what the instances share.</param>
    public void FoundSequence(string subject, IReadOnlyCollection<Act> acts, string note) => _expectations.Add(new(
        kind, scenario.Type, account.Id, RegionOf(scenario.Type, acts.First()), subject, null, 1, acts.Min(a => a.Time), acts.Max(a => a.EndTime), Outcome.Found, note));

    public void Quiet(string subject, string? principal, string note) => Nothing(subject, principal, Outcome.Quiet, note);

    public void Blind(string subject, string? principal, string note) => Nothing(subject, principal, Outcome.Blind, note);

    private void Nothing(string subject, string? principal, Outcome outcome, string note) =>
        _expectations.Add(new(kind, scenario.Type, account.Id, RegionOf(scenario.Type, _acts[0]), subject, principal, 0, 0, 0, outcome, note));

    // Credentials are good for every region, and what is found of stolen ones and of their use belongs to the home region.
    private string RegionOf(string type, Act act) =>
        type.Contains("CredentialExfiltration.", StringComparison.Ordinal) || type is "AttackSequence:IAM/CompromisedCredentials" or "AttackSequence:S3/CompromisedData" ? Home.Name : act.Region.Name;
}

/// <summary>Gives every plan actors of its own, so that one plan's records never count for another's finding.</summary>
internal sealed class Casting
{
    private readonly HashSet<Principal> _taken = [];

    public Principal Next(Account account, Func<Principal, bool> suits)
    {
        var principal = account.Principals.FirstOrDefault(p => suits(p) && !_taken.Contains(p))
            ?? throw new InvalidOperationException("a profile has too few principals for the scenarios");
        _taken.Add(principal);
        return principal;
    }
}
