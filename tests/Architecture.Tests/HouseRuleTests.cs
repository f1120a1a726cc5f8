using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Yagura.Tests;

namespace Yagura.Architecture.Tests;

public sealed partial class HouseRuleTests
{
    [Fact]
    public void Each_package_has_one_exact_version_in_one_place()
    {
        var pinned = XDocument.Load(Repository.Path("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value, StringComparer.OrdinalIgnoreCase);

        Assert.All(pinned, package => Assert.Matches(@"^\d+(\.\d+){1,3}$", package.Value));
        Assert.All(ProjectFile.All, project => Assert.All(project.Packages, package => Assert.Contains(package, pinned.Keys)));
        Assert.All(ProjectFile.All, project => Assert.DoesNotContain(
            project.Xml.Descendants("PackageReference"), package => package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null));
    }

    [Fact]
    public void Each_project_locks_its_packages() =>
        Assert.All(ProjectFile.All, project => Assert.True(
            File.Exists(Path.Combine(Path.GetDirectoryName(project.Path)!, "packages.lock.json")), $"{project.RelativePath} has no packages.lock.json"));

    [Fact]
    public void The_clock_is_banned_in_the_product_and_the_outside_world_in_pure_projects()
    {
        var groups = XDocument.Load(Repository.Path("Directory.Build.props")).Descendants("AdditionalFiles")
            .ToDictionary(file => file.Attribute("Include")!.Value.Split(')')[^1], file => file.Parent!.Attribute("Condition")!.Value, StringComparer.Ordinal);

        Assert.Equal("!$(MSBuildProjectName.EndsWith('.Tests'))", groups["eng/BannedSymbols.txt"]);
        Assert.Equal(
            AllowedReferences.Pure.Order(StringComparer.Ordinal),
            ProjectName().Matches(groups["eng/BannedSymbols.Pure.txt"]).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
        Assert.All(groups.Keys, file => Assert.NotEmpty(File.ReadAllLines(Repository.Path(file))));
    }

    [Fact]
    public void No_project_lifts_a_ban() =>
        Assert.All(ProjectFile.All.Where(project => project.IsProduct), project =>
        {
            Assert.DoesNotContain("RS0030", project.Xml.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(project.Xml.Descendants(), element => element.Name.LocalName is "AdditionalFiles" or "PackageReference" && element.Attribute("Remove") is not null);
        });

    [Fact]
    public void No_file_names_a_place_on_somebodys_machine_or_a_package_mirror()
    {
        var misplaced =
            from path in Checkout.Files()
            let bytes = File.ReadAllBytes(path)
            where !bytes.AsSpan(0, Math.Min(bytes.Length, 8000)).Contains((byte)0) // git's own test for a binary file
            from Match match in PlaceOfAMachine().Matches(Encoding.UTF8.GetString(bytes))
            select $"{Path.GetRelativePath(Repository.Root, path)}: {match.Value}";
        Assert.Empty(misplaced);
    }

    [GeneratedRegex(@"'\$\(MSBuildProjectName\)' == '(\w+)'")]
    private static partial Regex ProjectName();

    [GeneratedRegex(@"(?<![\w.\-*}])/(work|root|home/[a-z]\w*|Users/[a-z]\w*)/|\bapi\.nuget\.org|\bregistry\.npmjs\.org|\bdeb\.debian\.org|\bpypi\.org", RegexOptions.CultureInvariant)]
    private static partial Regex PlaceOfAMachine();
}
