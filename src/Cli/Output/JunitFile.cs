using System.Globalization;
using System.Xml;
using Yagura.Matching.Sigma;

namespace Yagura.Cli.Output;

/// <summary>Results of rule tests as JUnit XML, which CI systems read: one suite for each rule, and one for the files that could not be loaded.</summary>
internal static class JunitFile
{
    public static void Write(string path, IReadOnlyList<RuleSuite> suites, IReadOnlyList<FileProblem> problems, TimeSpan took)
    {
        var errors = problems.Where(problem => problem.Problem.IsError).ToList();
        using var file = Files.Create(path);
        using var writer = XmlWriter.Create(file, new XmlWriterSettings { Indent = true });
        writer.WriteStartElement("testsuites");
        Numbers(writer, suites.Sum(suite => suite.Results.Count) + errors.Count, suites.Sum(Failed), errors.Count);
        writer.WriteAttributeString("time", took.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
        foreach (var suite in suites.Where(suite => suite.Results.Count > 0)) Write(writer, suite);
        if (errors.Count > 0) Write(writer, errors);
        writer.WriteEndElement();
    }

    private static void Write(XmlWriter writer, RuleSuite suite)
    {
        writer.WriteStartElement("testsuite");
        writer.WriteAttributeString("name", Safe(suite.Title));
        Numbers(writer, suite.Results.Count, Failed(suite), 0);
        foreach (var result in suite.Results)
        {
            writer.WriteStartElement("testcase");
            writer.WriteAttributeString("name", Safe(result.Test.Name));
            writer.WriteAttributeString("classname", Safe(suite.File));
            writer.WriteAttributeString("file", Safe(result.Test.File ?? suite.File));
            writer.WriteAttributeString("line", result.Test.Line.ToString(CultureInfo.InvariantCulture));
            if (!result.Passed)
            {
                writer.WriteStartElement("failure");
                writer.WriteAttributeString("message", result.Fault is { } fault ? Safe(fault) : result.Test.Match ? "expected a match" : "expected no match");
                writer.WriteString(string.Join('\n', RuleTestReport.Plain(suite, result).Split('\n').Select(Safe)));
                writer.WriteEndElement();
            }
            writer.WriteEndElement();
        }
        writer.WriteEndElement();
    }

    private static void Write(XmlWriter writer, List<FileProblem> errors)
    {
        writer.WriteStartElement("testsuite");
        writer.WriteAttributeString("name", "rules that cannot be loaded");
        Numbers(writer, errors.Count, 0, errors.Count);
        foreach (var error in errors)
        {
            writer.WriteStartElement("testcase");
            writer.WriteAttributeString("name", Safe($"{error.File}:{error.Problem.Line}:{error.Problem.Column}"));
            writer.WriteAttributeString("classname", Safe(error.File));
            writer.WriteStartElement("error");
            writer.WriteAttributeString("message", Safe(error.Problem.ToString()));
            writer.WriteEndElement();
            writer.WriteEndElement();
        }
        writer.WriteEndElement();
    }

    private static int Failed(RuleSuite suite) => suite.Results.Count(result => !result.Passed);

    private static void Numbers(XmlWriter writer, int tests, int failures, int errors)
    {
        writer.WriteAttributeString("tests", tests.ToString(CultureInfo.InvariantCulture));
        writer.WriteAttributeString("failures", failures.ToString(CultureInfo.InvariantCulture));
        writer.WriteAttributeString("errors", errors.ToString(CultureInfo.InvariantCulture));
    }

    // XML has no place for most control characters, and a terminal that shows the file should not obey any.
    private static string Safe(string text) => string.Concat(Terminal.Safe(text).Where(XmlConvert.IsXmlChar));
}
