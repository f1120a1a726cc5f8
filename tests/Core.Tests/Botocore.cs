using System.Diagnostics;
using System.Text;

namespace Yagura.Tests.Core;

/// <summary>AWS's own models of its interfaces, by the Python library that the AWS CLI and boto3 are made of, where it is installed.</summary>
internal static class Botocore
{
    /// <summary>What the script prints. The test is skipped where Python or the library is not here.</summary>
    /// <param name="lines">The script's input.</param>
    public static string Run(string script, IEnumerable<string> lines)
    {
        using var python = Start($"""
            import importlib.util, sys
            if importlib.util.find_spec("botocore") is None: print("absent"); sys.exit(0)
            {script}
            """);
        Assert.SkipWhen(python is null, "python3 is not here");
        foreach (var line in lines) python!.StandardInput.WriteLine(line);
        python!.StandardInput.Close();
        var answer = python.StandardOutput.ReadToEnd().Trim();
        Assert.SkipWhen(answer == "absent", "botocore is not here");
        return answer;
    }

    private static Process? Start(string script)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("python3", ["-c", script])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = new UTF8Encoding(false),
            });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
