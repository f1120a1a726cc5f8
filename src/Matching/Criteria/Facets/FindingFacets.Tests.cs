using System.Text;
using System.Text.Json;
using CsCheck;
using Yagura.Matching.Criteria;
using Yagura.Matching.Criteria.Facets;

namespace Yagura.Tests.Matching;

public sealed class FindingFacetsTests
{
    private sealed class Facets : Dictionary<int, HashSet<string>>, IFacetSink
    {
        public void Add(int field, ReadOnlySpan<char> text)
        {
            if (!TryGetValue(field, out var texts)) this[field] = texts = [];
            texts.Add(text.ToString());
        }

        public bool Fulfil(FindingCriteria criteria) => criteria.Conditions.All(condition => condition.Tests.All(test =>
        {
            var asked = new FacetTest(test);
            var texts = TryGetValue(FindingFacets.FieldOf(condition.Path), out var found) ? found : [];
            if (asked.IsExact) Assert.Equal(asked.Texts.Any(texts.Contains), texts.Any(asked.Accepts));
            return asked.IsNegated != texts.Any(asked.Accepts);
        }));
    }

    [Fact]
    public void Facets_say_of_a_finding_what_its_json_says() => Gen.Select(RandomCriteria.Criteria, RandomCriteria.Finding).Sample((criteria, finding) =>
    {
        Assert.True(FindingCriteria.TryParse(Encoding.UTF8.GetBytes(criteria), out var parsed, out _));
        using var json = JsonDocument.Parse(finding);
        var facets = new Facets();
        FindingFacets.Read(Encoding.UTF8.GetBytes(finding), facets);
        Assert.Equal(NaiveCriteria.Holds(parsed, json.RootElement), facets.Fulfil(parsed));
    }, iter: 20_000, threads: 1);

    [Fact]
    public void A_whole_number_is_the_same_as_its_text() => Gen.Select(RandomCriteria.Criteria, Gen.Long).Sample((criteria, whole) =>
    {
        Assert.True(FindingCriteria.TryParse(Encoding.UTF8.GetBytes(criteria), out var parsed, out _));
        Assert.All(parsed.Conditions.SelectMany(condition => condition.Tests).Select(test => new FacetTest(test)),
            test => Assert.Equal(test.Accepts($"{whole}"), test.Accepts(whole)));
    }, iter: 1_000);

    [Fact]
    public void A_hostile_pattern_takes_no_time()
    {
        var pattern = JsonEncodedText.Encode(string.Concat(Enumerable.Repeat("*a", 5)) + "b");
        Assert.True(FindingCriteria.TryParse(Encoding.UTF8.GetBytes($$"""{"criterion":{"type":{"matches":["{{pattern}}"] } } }"""), out var criteria, out _));
        Assert.False(new FacetTest(criteria.Conditions[0].Tests[0]).Accepts(new string('a', 100_000)));
    }
}
