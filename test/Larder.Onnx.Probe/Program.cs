using System.Diagnostics;
using Larder.Onnx;
using Larder.Onnx.Native;

// Probe MODEL [telemetry]: loads MODEL and runs it on [1, 2], then prints a line for each thing that the process has
// since then and that only the native library can have made: "socket …" and "thread …". The last line is "done".
// With "telemetry" the guard is off, and the process ends by a signal, so that nothing is sent on the way out.
var telemetry = args is [_, "telemetry"];
var before = Threads().Concat(Sockets()).ToHashSet(StringComparer.Ordinal);

var runtime = OrtRuntime.Start(named: null, telemetry);
using (var session = OrtSession.Load(runtime, args[0], new SessionSettings(IntraOpThreads: 1)))
    session.Run([new Tensor<float>(new[] { 1f, 2f }, 2)], [0], CancellationToken.None);

foreach (var found in Threads().Concat(Sockets()).Where(found => !before.Contains(found)))
    Console.WriteLine(found);
Console.WriteLine("done");
Console.Out.Flush();
if (telemetry)
    Process.GetCurrentProcess().Kill();

// The threads of .NET have names of their own; those that a native library starts have that of the program.
static IEnumerable<string> Threads() =>
    from task in Directory.EnumerateDirectories("/proc/self/task")
    let name = File.ReadAllText(Path.Combine(task, "comm")).Trim()
    where !name.StartsWith(".NET", StringComparison.Ordinal)
    select $"thread {Path.GetFileName(task)} {name}";

static IEnumerable<string> Sockets() =>
    from descriptor in Directory.EnumerateFileSystemEntries("/proc/self/fd")
    let target = new FileInfo(descriptor).LinkTarget
    where target is not null && target.StartsWith("socket:", StringComparison.Ordinal)
    select target;
