using System.CommandLine;
using HotPaths.Entries;
using HotPaths.Loading;
using HotPaths.Many;
using HotPaths.Prediction;
using HotPaths.Presets;
using HotPaths.Pull;
using HotPaths.Recordings;
using HotPaths.Runs;
using HotPaths.Verify;
using HotPaths.Workers;

var command = new Command("hot-paths", "Measures the published larder. Tables go to standard output.")
{
    PredictionCommand.Create(),
    PullCommand.Create(),
    VerifyCommand.Create(),
    EntriesCommand.Create(),
    RecordingsCommand.Create(),
    RunsCommand.Create(),
    PresetsCommand.Create(),
    WorkersCommand.Create(),
    ManyCommand.Create(),
    LoadCommand.Create(),
};
return await command.Parse(args).InvokeAsync();
