using System.Xml.Linq;
using Yagura.Tests;

namespace Yagura.Architecture.Tests;

public sealed class ReferenceTests
{
    [Fact]
    public void Every_project_sees_only_what_the_table_allows()
    {
        var forbidden =
            from project in ProjectFile.All
            where project.IsProduct
            let allowed = AllowedReferences.Table.GetValueOrDefault(project.Name)
            from reference in project.References
            where allowed is null || !(allowed.Contains(reference) || allowed.Contains(AllowedReferences.Everything))
            select $"{project.Name} -> {reference}";
        Assert.Empty(forbidden);
    }

    [Fact]
    public void The_table_has_a_row_for_each_project_and_no_other()
    {
        var projects = ProjectFile.All.Where(project => project.IsProduct).Select(project => project.Name);
        Assert.Equal(projects.Order(StringComparer.Ordinal), AllowedReferences.Table.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_table_has_no_cycle()
    {
        // A table of layers: each row names only rows above it.
        var above = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (project, allowed) in AllowedReferences.Table)
        {
            Assert.All(allowed, reference => Assert.True(reference == AllowedReferences.Everything || above.Contains(reference), $"{project} -> {reference}"));
            above.Add(project);
        }
    }

    [Fact]
    public void The_table_in_ARCHITECTURE_is_this_one()
    {
        var lines = File.ReadAllLines(Repository.Path("ARCHITECTURE.md"));
        var written = lines.SkipWhile(line => !line.StartsWith("| project | may see |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Select(cells => $"{cells[1]}: {cells[2]}");
        var held = AllowedReferences.Table.Select(row => $"`{row.Key}`: {(row.Value.Length == 0 ? "nothing of ours" : string.Join(", ", row.Value))}");
        Assert.Equal(held, written);
    }

    [Fact]
    public void Only_Aws_uses_the_AWS_SDK()
    {
        var users = ProjectFile.All.Where(project => project.IsProduct && project.Packages.Any(package => package.StartsWith("AWSSDK.", StringComparison.Ordinal)));
        Assert.Equal(["Aws"], users.Select(project => project.Name));
    }

    [Fact]
    public void The_solution_builds_every_project()
    {
        var solution = XDocument.Load(Repository.Path("Yagura.slnx")).Descendants("Project").Select(project => project.Attribute("Path")!.Value);
        Assert.Equal(ProjectFile.All.Select(project => project.RelativePath).Order(StringComparer.Ordinal), solution.Order(StringComparer.Ordinal));
    }
}
