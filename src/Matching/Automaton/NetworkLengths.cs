using Yagura.Core;

namespace Yagura.Matching.Automaton;

/// <summary>How long the networks of an index are, so that an address is looked up once for each length. Never changed, only copied.</summary>
internal sealed class NetworkLengths
{
    public static readonly NetworkLengths None = new([]);

    private readonly byte[] _v4, _v6;
    private readonly SortedDictionary<byte, int> _users;

    private NetworkLengths(SortedDictionary<byte, int> users)
    {
        _users = users;
        _v4 = [.. users.Keys.Where(NumberBytes.IsV4)];
        _v6 = [.. users.Keys.Where(bits => !NumberBytes.IsV4(bits))];
    }

    public int Count => _users.Count;

    /// <summary>The lengths that networks of the address's family have, as <see cref="NumberBytes"/> writes them.</summary>
    public ReadOnlySpan<byte> Of(IpAddress address) => address.IsV4 ? _v4 : _v6;

    public NetworkLengths With(byte bits, int more)
    {
        var users = new SortedDictionary<byte, int>(_users);
        var count = users.GetValueOrDefault(bits) + more;
        if (count > 0) users[bits] = count;
        else users.Remove(bits);
        return new(users);
    }
}
