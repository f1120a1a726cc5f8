using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Yagura.Bench.Names;
using Yagura.Intel;

// Makes the letter model anew from lists of registered names, one a line, plain or gzip; the same lists give the same bytes (docs/label-model.md):
// `dotnet run -c Release --project bench/Names -- src/Intel/Names/label-model.bin LIST…`
var domains = LabelModelTrainer.Registered(args.Skip(1).SelectMany(Lines));
var table = LabelModelTrainer.Train(domains);
File.WriteAllBytes(args[0], table);
Console.WriteLine($"{domains.Count(LabelModelTrainer.IsForTraining):N0} of {domains.Count:N0} names made {table.Length:N0} bytes");

var labels = domains.Select(domain => Encoding.UTF8.GetBytes(domain)).ToList();
var watch = Stopwatch.StartNew();
double sum = 0;
const int Rounds = 50;
for (var round = 0; round < Rounds; round++)
{
    foreach (var label in labels) sum += LabelModel.Made(label);
}
Console.WriteLine($"asking the model that is built in takes {watch.Elapsed.TotalNanoseconds / Rounds / labels.Count:F0} ns a name ({sum / Rounds / labels.Count:F1} bits on average)");

static IEnumerable<string> Lines(string path)
{
    using Stream file = File.OpenRead(path), content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
    using var reader = new StreamReader(content);
    while (reader.ReadLine() is { } line) yield return line;
}
