using System.CommandLine;
using PolicySimulator.Traces;

namespace PolicySimulator.Commands;

/// <summary><c>make</c>: writes a trace that is made as a CSV file.</summary>
internal static class MakeCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--output")
        {
            Description = "The file; it is overwritten.",
            HelpName = "FILE.csv",
            Required = true,
        };
        var kind = new Option<TraceKind>("--kind") { Description = "How popularity goes on." };
        var seed = new Option<int>("--seed")
        {
            Description = "Equal seeds give equal traces.",
            DefaultValueFactory = _ => 1,
        };
        var command = new Command("make", "Writes a made trace as time,model,bytes,seconds.") { output, kind, seed };
        foreach (var option in WorkloadOptions.All)
            command.Add(option);
        command.SetAction(parsed =>
        {
            var trace = TraceMaker.Make(WorkloadOptions.Read(parsed), parsed.GetValue(kind), parsed.GetValue(seed));
            TraceFile.Write(trace, parsed.GetRequiredValue(output));
        });
        return command;
    }
}
