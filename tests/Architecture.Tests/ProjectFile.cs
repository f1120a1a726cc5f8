using System.Xml.Linq;
using Yagura.Tests;

namespace Yagura.Architecture.Tests;

/// <summary>A project file of the checkout, as it is written (imports are not followed).</summary>
internal sealed record ProjectFile(string Path, XDocument Xml)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>From the root of the checkout, with forward slashes, as the solution names it.</summary>
    public string RelativePath => System.IO.Path.GetRelativePath(Repository.Root, Path).Replace('\\', '/');

    public bool IsProduct => RelativePath.StartsWith("src/", StringComparison.Ordinal);

    /// <summary>The names of the projects that it references.</summary>
    public IEnumerable<string> References => Includes("ProjectReference").Select(System.IO.Path.GetFileNameWithoutExtension)!;

    public IEnumerable<string> Packages => Includes("PackageReference");

    public static IReadOnlyList<ProjectFile> All { get; } =
        [.. Checkout.Files().Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).Select(path => new ProjectFile(path, XDocument.Load(path)))];

    private IEnumerable<string> Includes(string item) => Xml.Descendants(item).Select(element => element.Attribute("Include")!.Value.Replace('\\', '/'));
}
