using System.Diagnostics;
using Yagura.Engine.Baselines;

// Fills the memory of baselines and measures it.
//   Yagura.Bench.Profiles [SUBJECTS = 1000000] [HABITS = 20]
// One thread. Every subject gets its habits over 30 days; then random observations of known habits, in random order, as records bring them.
var subjects = args.Length > 0 ? int.Parse(args[0]) : 1_000_000;
var habits = args.Length > 1 ? int.Parse(args[1]) : 20;
const int Today = 20_000, Batch = 4_096;

var before = Process.GetCurrentProcess().WorkingSet64;
var store = new ProfileStore(Math.Max(subjects, 16));
var batch = new Habit[Batch];
var state = 1UL;
var watch = Stopwatch.StartNew();
for (var habit = 0; habit < habits; habit++)
{
    for (var first = 0; first < subjects; first += Batch)
    {
        var count = Math.Min(Batch, subjects - first);
        for (var i = 0; i < count; i++) batch[i] = Observation(first + i, habit, Today - habit % 30);
        store.Add(batch.AsSpan(0, count));
    }
}
var filled = watch.Elapsed;
using var process = Process.GetCurrentProcess();
Console.WriteLine($"{subjects:N0} subjects, {habits} habits each: filled in {filled.TotalSeconds:0.00} s; {store.Bytes / 1e6:N0} MB held, {store.Bytes / (double)subjects:0} bytes a subject; process {(process.WorkingSet64 - before) / 1e6:N0} MB more than before");

const int Rounds = 2_000;
var updates = TimeSpan.Zero;
for (var round = 0; round < Rounds; round++)
{
    for (var i = 0; i < Batch; i++) batch[i] = Observation(Next(subjects), Next(habits), Today - Next(30));
    watch.Restart();
    store.Add(batch);
    updates += watch.Elapsed;
}
Console.WriteLine($"{Rounds * Batch:N0} observations in batches of {Batch:N0}: {Rounds * Batch / updates.TotalSeconds / 1e6:0.0} million a second");

watch.Restart();
var alone = 0;
for (; alone < 2_000_000; alone++) store.Add(Observation(Next(subjects), Next(habits), Today));
Console.WriteLine($"one by one: {alone / watch.Elapsed.TotalSeconds / 1e6:0.0} million a second");

watch.Restart();
var sum = 0L;
for (var i = 0; i < 1_000_000; i++) sum += store[Subject(Next(subjects))].DaysOf(Feature(Next(habits)), Today);
Console.WriteLine($"looks: {watch.Elapsed.TotalMicroseconds / 1_000_000 * 1_000:0} ns each (checksum {sum})");

var path = Path.GetTempFileName();
watch.Restart();
using (var file = File.Create(path, 1)) store.Save(file);
var saved = watch.Elapsed;
watch.Restart();
using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1))
{
    var loaded = ProfileStore.Load(file, store.MostSubjects);
    Console.WriteLine($"saved in {saved.TotalSeconds:0.00} s, loaded in {watch.Elapsed.TotalSeconds:0.00} s: {file.Length / 1e6:N0} MB, {loaded.Count:N0} subjects");
}
File.Delete(path);

// Numbers from the high half of a linear congruence: quick, and the same in every run.
int Next(int below)
{
    state = state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407;
    return (int)((state >> 32) * (ulong)below >> 32);
}

static ulong Subject(int subject) => (ulong)(subject + 1) * 0x9E37_79B9_7F4A_7C15;
static uint Feature(int habit) => (uint)Trait.Api << 28 | (uint)(habit + 1) * 0x85EB_CA6B >> 4;
static Habit Observation(int subject, int habit, int day) => new(Subject(subject), Feature(habit), day);
