namespace Yagura.Simulation.CloudTrail;

/// <summary>Which API a caller uses next: a table of 4,096 slots shared out by weight, so that a draw is one look-up.</summary>
internal sealed class ApiMix
{
    private const int Slots = 4096;
    private readonly Api[] _slots = new Api[Slots];

    private ApiMix(IReadOnlyList<Api> apis)
    {
        var total = apis.Sum(a => a.Weight);
        var (done, weight) = (0, 0);
        foreach (var api in apis)
        {
            weight += api.Weight;
            var until = Slots * weight / total;
            _slots.AsSpan(done, until - done).Fill(api);
            done = until;
        }
    }

    public Api Draw(ref SplitMix64 random) => _slots[random.Below(Slots)];

    /// <param name="home">True in the region that logs the global services.</param>
    public static ApiMix Of(Api.Who who, bool home) => new([.. Api.All.Where(a => (a.Callers & who) != Api.Who.None && (home || !a.IsGlobal))]);
}
