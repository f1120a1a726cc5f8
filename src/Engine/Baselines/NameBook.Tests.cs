using Yagura.Engine.Baselines;

namespace Yagura.Engine.Tests;

public sealed class NameBookTests
{
    private static NameBook Book(params (ulong Hash, string Name)[] names)
    {
        var book = new NameBook();
        foreach (var (hash, name) in names) book.Add(hash, name);
        return book;
    }

    [Fact]
    public void Of_two_names_with_one_hash_the_smaller_is_shown_whichever_came_first()
    {
        (ulong, string)[] names = [(7, "curl"), (7, "aws-cli"), (7, "terraform"), (8, "curl"), (0, "none")];
        var (book, other) = (Book(names), Book([.. names.Reverse()]));
        Assert.Equal(("aws-cli", "curl", "none", null), (book[7], book[8], book[0], book[9]));
        Assert.Equal(book.All.Order(), other.All.Order());
        Assert.Equal((3, 0), (book.Count, book.Refused));
    }

    [Fact]
    public void Names_take_no_more_than_so_many_bytes_however_long_they_are()
    {
        var book = new NameBook();
        var name = new string('\u732B', 5_000);
        for (var hash = 1UL; hash <= 100_000; hash++) book.Add(hash, name);
        Assert.InRange(book.Bytes, NameBook.MostBytes, NameBook.MostBytes + (8 << 20));
        Assert.Equal(100_000, book.Count + book.Refused);
        Assert.InRange(book.Refused, 1, 20_000);
        Assert.Equal((name[..1_000], null), (book[1], book[100_000]));
    }
}
