using System.CommandLine;
using Larder.Cli.Demo;
using Larder.Cli.Output;
using Larder.Server;

namespace Larder.Cli.Commands;

/// <summary><c>larder demo</c>: the main job, shown with the sample model and a server of its own.</summary>
internal static class DemoCommand
{
    public const string Name = "demo";

    public static Command Create(GlobalOptions options)
    {
        var once = new Option<bool>("--once") { Description = "Stop after the table, instead of serving until Ctrl-C" };
        var urls = new Option<string>("--urls")
        {
            Description = "Where the server listens; this machine only",
            HelpName = "URL",
            DefaultValueFactory = _ => LarderServer.DefaultUrl,
        };
        return new Command(Name, "Serve a sample model and ask it twice: a miss, then a hit")
        {
            once,
            urls,
            DemoVideoCommand.Create(options),
        }.Runs(
            options,
            (context, cancellationToken) =>
                RunAsync(
                    context,
                    context.Result.GetRequiredValue(urls),
                    context.Result.GetValue(once),
                    cancellationToken
                )
        );
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string url,
        bool once,
        CancellationToken cancellationToken
    )
    {
        using var workspace = DemoWorkspace.Create();
        await using var server = await DemoServer.StartAsync(workspace, url, context.Verbose, cancellationToken);
        var answers = new List<DemoAnswer>();
        for (var turn = 0; turn < 2; turn++)
            answers.Add(await server.PredictAsync(cancellationToken));
        Write(answers);
        if (once)
            return ExitCode.Done;

        Terminal.Answer($"The server answers at {server.Url} until Ctrl-C. Try:");
        Terminal.Answer($"  curl {server.Url}/api/models/{DemoWorkspace.ModelId}");
        Terminal.Answer($"  curl -d @{workspace.ExampleFile} {server.Url}/api/models/{DemoWorkspace.ModelId}/predict");
        Terminal.Answer($"  curl {server.Url}/api/models/cache/stats");
        await server.WaitAsync(cancellationToken);
        return ExitCode.Done;
    }

    private static void Write(IReadOnlyList<DemoAnswer> answers)
    {
        TableView.Write(
            ["", "First prediction", "Second prediction"],
            [
                Row("files", answer => $"{answer.Files}, {Sizes.Time(answer.FilesTime)}"),
                Row("load", answer => $"{answer.Graph}, {Sizes.Time(answer.LoadTime)}"),
                Row("run", answer => Sizes.Time(answer.RunTime)),
                Row("total", answer => Sizes.Time(answer.TotalTime)),
                Row("answer", answer => answer.Prediction),
            ]
        );

        IReadOnlyList<string> Row(string step, Func<DemoAnswer, string> cell) => [step, .. answers.Select(cell)];
    }
}
