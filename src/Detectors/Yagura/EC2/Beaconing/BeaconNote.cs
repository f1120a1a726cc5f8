using System.Runtime.InteropServices;

namespace Yagura.Detectors.Yagura.EC2;

/// <summary>One connection as an object shows it, in 28 bytes: what <see cref="BeaconPair"/> remembers of the newest.</summary>
/// <param name="Start">Unix seconds.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct BeaconNote(
    uint Remote, int Owner, uint Start, uint Line, uint Bytes, ushort Port, ushort ClientPort, ushort Duration, bool IsTarget, bool IsUdp)
{
    private const int SecondsOfDay = 86_400;

    public ushort Day => (ushort)(Start / SecondsOfDay);

    public BeaconStart Connection => BeaconStart.Of((int)(Start % SecondsOfDay), ClientPort, Bytes);

    /// <summary>A pair with this connection alone.</summary>
    public BeaconPair ToPair(int owner, int objectNumber)
    {
        var pair = new BeaconPair
        {
            Remote = Remote, Owner = owner, Day = Day, Port = Port, ClientPort = ClientPort, Duration = Duration, First = Start, Last = Start,
            Object = objectNumber, Line = Line, IsTarget = IsTarget, IsUdp = IsUdp,
        };
        pair.Add(Connection);
        return pair;
    }
}
