namespace Yagura.Detectors.Yagura.EC2;

/// <summary>Numbers for owners and names of objects, so that a row names them in four bytes.</summary>
public sealed class BeaconNames
{
    private readonly List<BeaconOwner> _owners = [];
    private readonly List<uint> _accounts = [];
    private readonly List<string> _objects = [];
    private readonly Dictionary<(string, string?, Core.IpAddress, bool), int> _ownersByKey = [];
    private readonly Dictionary<string, int> _objectsByName = new(StringComparer.Ordinal);

    public IReadOnlyList<BeaconOwner> Owners => _owners;

    public IReadOnlyList<string> Objects => _objects;

    /// <summary>A hash of an owner's account.</summary>
    internal uint AccountOf(int owner) => _accounts[owner];

    public int NumberOf(string objectName)
    {
        if (_objectsByName.TryGetValue(objectName, out var known)) return known;
        _objects.Add(objectName);
        _objectsByName.Add(objectName, _objects.Count - 1);
        return _objects.Count - 1;
    }

    public int NumberOf(BeaconOwner owner) => NumberOf(owner, out _);

    /// <param name="turned">Whether it is known now that the address is the interface's, or that it is not.</param>
    internal int NumberOf(BeaconOwner owner, out bool turned)
    {
        turned = false;
        if (_ownersByKey.TryGetValue(owner.Key, out var known))
        {
            var before = _owners[known];
            _owners[known] = before.Joined(owner);
            turned = before.IsOwn != _owners[known].IsOwn;
            return known;
        }
        _owners.Add(owner);
        _accounts.Add(owner.Account);
        _ownersByKey.Add(owner.Key, _owners.Count - 1);
        return _owners.Count - 1;
    }

    /// <summary>Ends the learning of own addresses: the object has been read.</summary>
    internal void Settle()
    {
        for (var owner = 0; owner < _owners.Count; owner++) _owners[owner] = _owners[owner].Settled();
    }
}
