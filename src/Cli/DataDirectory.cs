using System.CommandLine;
using Yagura.Core.Ports;
using Yagura.Storage.Embedded;

namespace Yagura.Cli;

/// <summary>The directory that a server keeps everything in.</summary>
internal static class DataDirectory
{
    private const string Usual = "yagura-data";

    public static Option<string> Option() => new("--data") { Description = $"The data directory; default {Usual}.", HelpName = "DIR", DefaultValueFactory = _ => Usual };

    /// <summary>Opens the database in it, beside a server that may be running.</summary>
    /// <exception cref="UserError">It cannot be opened.</exception>
    public static async Task<T> Use<T>(string data, Func<Database, Task<T>> work)
    {
        try
        {
            await using var database = Database.Open(data);
            return await work(database);
        }
        catch (StorageException e)
        {
            throw new UserError(e.Message, ExitCodes.Failed);
        }
    }
}
