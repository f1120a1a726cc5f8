using Yagura.Tests;

namespace Yagura.Architecture.Tests;

internal static class Checkout
{
    private static readonly string[] Generated = [".git", "bin", "obj", "artifacts", ".vs", "TestResults"];

    /// <summary>Every file that is written by hand or committed, by full path, in ordinal order.</summary>
    public static IEnumerable<string> Files() => Under(new DirectoryInfo(Repository.Root)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Under(DirectoryInfo folder) =>
        folder.EnumerateFiles().Where(file => file.Name != ".git").Select(file => file.FullName)
            .Concat(folder.EnumerateDirectories().Where(child => !Generated.Contains(child.Name)).SelectMany(Under));
}
