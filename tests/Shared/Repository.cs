namespace Yagura.Tests;

/// <summary>The checkout that the running test was built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>Yagura.slnx</c>.</summary>
    public static string Root { get; } = Find();

    /// <summary>The full path of something in the checkout; <paramref name="relative"/> is written with forward slashes.</summary>
    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Yagura.slnx"))) return folder.FullName;
        throw new InvalidOperationException("tests run from inside a checkout");
    }
}
