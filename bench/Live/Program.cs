using Yagura.Bench.Live;

// Measures a running server over a watched folder. PROGRAM is the published yagura, CORPUS a folder of simulated CloudTrail logs, WORK an empty or missing folder.
//   Yagura.Bench.Live latency PROGRAM WORK
//       from a file's rename into the folder to its finding in the API: 50 kB files at 20 a second, then 5 MB files, one after the other
//   Yagura.Bench.Live throughput PROGRAM WORK CORPUS
//       from the corpus' rename into the folder until the ledger has all of it
//   Yagura.Bench.Live soak PROGRAM WORK CORPUS MINUTES MB_PER_SECOND
//       the corpus again and again, each round a day later and with other events, at a rate (0: as fast as it is taken); memory and queue every half minute
switch (args)
{
    case ["latency", var program, var work]:
        await Latency.Measure(program, work);
        return 0;
    case ["throughput", var program, var work, var corpus]:
        await Throughput.Measure(program, work, corpus);
        return 0;
    case ["soak", var program, var work, var corpus, var minutes, var rate]:
        await Soak.Run(program, work, corpus, TimeSpan.FromMinutes(double.Parse(minutes, System.Globalization.CultureInfo.InvariantCulture)), double.Parse(rate, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    default:
        Console.Error.WriteLine("Yagura.Bench.Live latency|throughput|soak PROGRAM WORK [CORPUS [MINUTES MB_PER_SECOND]]");
        return 2;
}
