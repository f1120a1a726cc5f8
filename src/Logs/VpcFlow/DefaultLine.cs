using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Yagura.Core;
using Yagura.Logs.Text;

namespace Yagura.Logs.VpcFlow;

/// <summary>The straight way for the lines that nearly all of a flow log consists of: AWS's default columns, each with an ordinary value.</summary>
/// <remarks><code>
/// 2 111122223333 eni-0a1b2c3d4e5f60718 192.0.2.10 198.51.100.7 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK
/// </code>
/// It only ever says yes: of what is not ordinary (a dash, IPv6, nine digits, damage) it says nothing, and the general way reads the line. Hence one
/// question at the end instead of one for each field, no branch that depends on a field's length, and no reason to give.
/// Both ways are held equal by <c>FlowReader.Tests.cs</c>.</remarks>
internal static class DefaultLine
{
    public const int Columns = 14;

    private const ulong Accept = 0x0000_5450_4543_4341, Reject = 0x0000_5443_454A_4552, SixBytes = 0x0000_FFFF_FFFF_FFFF;
    private const ushort Ok = 0x4B4F, TwoZeros = 0x3030;

    public static bool IsSupported => V4Pair.IsSupported && BitConverter.IsLittleEndian;

    /// <param name="bytes">With <see cref="LineBlocks.Padding"/> readable bytes behind the line.</param>
    /// <param name="ends">Where the fourteen fields end.</param>
    /// <returns>False, with the record's fields untouched, where the line is for the general way.</returns>
    public static bool TryRead(FlowRecord record, ref byte bytes, int start, ref int ends)
    {
        var account = Unsafe.Add(ref ends, 0) + 1;
        var face = Unsafe.Add(ref ends, 1) + 1;
        var source = Unsafe.Add(ref ends, 2) + 1;
        var destination = Unsafe.Add(ref ends, 3) + 1;
        var fits = V4Pair.TryRead(
            ref bytes, source, destination - source - 1, destination, Unsafe.Add(ref ends, 4) - destination, out var from, out var to);

        // Source port, destination port, protocol and packets lie between the ends 4 to 8.
        var misfits = Vector256<byte>.Zero;
        var lengths = Vector128.LoadUnsafe(ref ends, 5) - Vector128.LoadUnsafe(ref ends, 4) - Vector128.Create(2);
        var counts = Digits.ReadFour(Vector256.Create(Eight(ref bytes, ref ends, 4), Eight(ref bytes, ref ends, 5),
            Eight(ref bytes, ref ends, 6), Eight(ref bytes, ref ends, 7)), lengths, ref misfits);

        // Bytes, the lower eight digits of start and of end, and the upper two, which both have in common until a hundred million seconds are full.
        var octets = Unsafe.Add(ref ends, 9) - Unsafe.Add(ref ends, 8) - 2;
        var times = Digits.ReadFour(Vector256.Create(Eight(ref bytes, ref ends, 8), Eight(ref bytes, ref ends, 9, 2),
            Eight(ref bytes, ref ends, 10, 2), Eight(ref bytes, ref ends, 9)), Vector128.Create(octets, 7, 7, 1), ref misfits);
        var sameUpper = (ushort)Eight(ref bytes, ref ends, 9) == (ushort)Eight(ref bytes, ref ends, 10);
        var action = Eight(ref bytes, ref ends, 11) & SixBytes;
        var status = (ushort)Eight(ref bytes, ref ends, 12);

        // Lengths less one of 0 to 7 have no bit above the third, and neither have they all together.
        var tail = Vector128.LoadUnsafe(ref ends, 10) - Vector128.LoadUnsafe(ref ends, 9) ^ Vector128.Create(11, 11, 7, 3);
        var unusual = tail | ((lengths | Vector128.CreateScalar(octets)) & Vector128.Create(~7));
        misfits |= Vector256.GreaterThan(counts, Vector256.Create(ushort.MaxValue, ushort.MaxValue, byte.MaxValue, long.MaxValue)).AsByte();
        fits &= (misfits | unusual.AsByte().ToVector256()) == Vector256<byte>.Zero
            & account - start == 2 & (uint)(Unsafe.Add(ref bytes, start) - '0') <= 9
            & face - account > 2 & source - face > 2
            & sameUpper & (ushort)Eight(ref bytes, ref ends, 9) != TwoZeros
            & (action == Accept | action == Reject) & status == Ok;
        if (!fits) return false;

        var upper = times.GetElement(3) * 100_000_000;
        record.AccountText = new() { Start = account, Length = face - account - 1 };
        record.InterfaceText = new() { Start = face, Length = source - face - 1 };
        record.Source = IpAddress.FromV4(from);
        record.Destination = IpAddress.FromV4(to);
        record.SourcePort = (ushort)counts.ToScalar();
        record.DestinationPort = (ushort)counts.GetElement(1);
        record.Protocol = (byte)counts.GetElement(2);
        record.Packets = counts.GetElement(3);
        record.Bytes = times.ToScalar();
        record.Start = record.Time = DateTimeOffset.FromUnixTimeSeconds(upper + times.GetElement(1));
        record.End = DateTimeOffset.FromUnixTimeSeconds(upper + times.GetElement(2));
        record.Action = action == Accept ? FlowAction.Accept : FlowAction.Reject;
        return true;
    }

    /// <summary>The eight bytes that stand some bytes behind the separator of a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Eight(ref byte bytes, ref int ends, int separator, nuint skipped = 0) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, (uint)Unsafe.Add(ref ends, separator) + 1 + skipped));
}
