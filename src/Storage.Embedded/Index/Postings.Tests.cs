using CsCheck;
using Yagura.Storage.Embedded.Index;

namespace Yagura.Tests.Storage;

public sealed class PostingsTests
{
    private struct Seen(List<int> numbers) : Postings.IVisitor
    {
        public readonly void Visit(int number) => numbers.Add(number);
    }

    // Few numbers and many, crowded into a chunk and spread over several.
    private static readonly Gen<(bool Add, int Number)> Step = Gen.Select(Gen.Int[0, 3].Select(add => add > 0), Gen.OneOf(Gen.Int[0, 40], Gen.Int[0, 12_000], Gen.Int[65_530, 65_545], Gen.Int[0, 400_000]));

    [Fact]
    public void Postings_are_a_sorted_set() => Step.Array[0, 9_000].Sample(steps =>
    {
        var (postings, set, everything) = (new Postings(), new SortedSet<int>(), new Bitmap());
        for (var number = 0; number < 400_001; number += 64) everything.Set(number);
        foreach (var (add, number) in steps)
        {
            if (add) postings.Add(number);
            else postings.Remove(number);
            if (add) set.Add(number);
            else set.Remove(number);
        }
        Agree(set, postings, everything);

        var gone = everything.Blank();
        foreach (var (_, number) in steps.Where((_, place) => place % 3 == 0)) gone.Set(number);
        postings.Remove(gone);
        set.RemoveWhere(gone.Has);
        Agree(set, postings, everything);
    }, iter: 40);

    private static void Agree(SortedSet<int> expected, Postings postings, Bitmap everything)
    {
        Assert.Equal(expected.Count, postings.Count);
        var bits = everything.Blank();
        postings.AddTo(bits);
        var listed = new List<int>();
        foreach (var number in bits) listed.Add(number);
        Assert.Equal(expected, listed);
        Assert.Equal(expected.Count, bits.Count);
        var (some, visitor) = (new List<int>(), default(Seen));
        visitor = new(some);
        postings.Visit(everything, ref visitor);
        Assert.Equal(expected.Where(everything.Has), some);
    }

    [Fact]
    public void Numbers_are_unpacked_as_they_were_packed() => Gen.Int[0, int.MaxValue].Array[0, 100].Sample(numbers =>
    {
        int[] ascending = [.. numbers.Distinct().Order()];
        Assert.Equal(ascending, Packed.Unpack(Packed.Pack(ascending)));
    });
}
