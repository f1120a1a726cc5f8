using Xunit.MicrosoftTestingPlatform;
using Yagura.Storage.Embedded.Tests;
using Yagura.Tests.Storage;

// What xunit would generate, and before it the process that a test starts and kills.
if (Victim.Folder is { Length: > 0 } folder)
{
    await Victim.Run(folder);
    return 1;
}
return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
