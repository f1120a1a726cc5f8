namespace Yagura.Tests;

/// <summary>Real programs that tests talk to (<c>moto_server</c>, <c>aws</c>), which a machine may lack.</summary>
internal static class Counterpart
{
    /// <summary>The full path of a program on the PATH. Skips the calling test where it is missing, so that <c>dotnet test</c> passes on a machine with
    /// only the SDK; where <c>YAGURA_REQUIRE_COUNTERPARTS</c> is <c>1</c> (<c>./build</c> with <c>CI=true</c> sets it), the test fails instead.</summary>
    public static string Require(string program)
    {
        var path = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
        if (path is null && Environment.GetEnvironmentVariable("YAGURA_REQUIRE_COUNTERPARTS") == "1")
            Assert.Fail($"{program} is not on the PATH, and this run must not do without it");
        Assert.SkipWhen(path is null, $"{program} is not on the PATH");
        return path!;
    }
}
