namespace Yagura.Api.Tests;

/// <summary>A folder for the time of a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("yagura-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
