using System.Runtime.CompilerServices;
using Yagura.Core.Findings;

namespace Yagura.Core.Ports;

/// <summary>Which findings are told to the world, and when: new ones at once, later occurrences with a period; archived ones never.</summary>
/// <remarks>
/// <para>A finding waits from the transaction on that stores it. Once it is published it has a place among all publications, and every reader comes by it: at least once, always
/// under the same <see cref="Publication.Key"/>. What a reader gets is the finding as it is by then; one that is archived or gone by then is passed over.</para>
/// <para>A finding that a person brings back from the archive waits when it occurs again.</para>
/// <para>Every method may throw <see cref="StorageException"/>. A task that writes ends when the change is on disk.</para>
/// </remarks>
public interface IPublications
{
    /// <summary>How long publications are kept. A reader that stays away longer misses what is older, and one that has missed something begins anew.</summary>
    static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Publishes the findings that wait and never were published.</summary>
    /// <returns>How many.</returns>
    Task<int> PublishFirst(DateTimeOffset now, CancellationToken cancel = default);

    /// <summary>Publishes the findings that wait and were published last a period ago, or longer.</summary>
    /// <param name="period">Of an account and a region.</param>
    /// <returns>How many.</returns>
    Task<int> PublishAgain(DateTimeOffset now, Func<string, string, TimeSpan> period, CancellationToken cancel = default);

    /// <summary>What a reader has not done yet, in the order of publication. A reader that asks for the first time gets what is published from then on.</summary>
    /// <param name="most">1 to 1,000.</param>
    Task<PublicationPage> Next(string reader, int most, CancellationToken cancel = default);

    /// <summary>Notes that a reader has done with a page.</summary>
    Task Done(string reader, PublicationPage page, CancellationToken cancel = default);
}

/// <param name="Number">Grows with every publication.</param>
/// <param name="IsFirst">True where the finding is new to the world.</param>
public sealed record Publication(long Number, DateTimeOffset Time, bool IsFirst, Finding Finding)
{
    /// <summary>The same whenever this publication is delivered, for who wants to know whether it was.</summary>
    public string Key => $"{Finding.Id}-{Number}";
}

/// <param name="After">The number that the reader had reached.</param>
/// <param name="Reached">The number that it reaches with this page; as before where there is nothing new.</param>
public sealed record PublicationPage(IReadOnlyList<Publication> Publications, long After, long Reached)
{
    public bool IsNew => Reached > After;
}

public static class PublicationsExtensions
{
    private const int Page = 100;

    /// <summary>How often it is asked whether there is something new.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>All that is published, as it comes, without end. What was yielded is done once what comes behind its page (at most 100) is asked for.</summary>
    /// <inheritdoc cref="IPublications.Next"/>
    public static async IAsyncEnumerable<Publication> Published(this IPublications publications, string reader, TimeProvider time, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        while (true)
        {
            var page = await publications.Next(reader, Page, cancel);
            foreach (var publication in page.Publications) yield return publication;
            if (page.IsNew) await publications.Done(reader, page, cancel);
            else await Task.Delay(Interval, time, cancel);
        }
    }
}
