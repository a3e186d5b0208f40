using System.CommandLine;
using Larder.Cli.Output;
using Larder.Onnx.Evaluations;
using Larder.Onnx.Passes;
using Larder.Passes;
using Larder.Passes.Commands;
using Larder.Passes.Documents;
using Larder.Passes.Reports;
using Larder.Passes.Running;
using Larder.Pull;

namespace Larder.Cli.Commands;

/// <summary><c>larder run WORKFLOW.json</c>: takes a model through its passes, each computed once.</summary>
internal static class RunCommand
{
    public static Command Create(GlobalOptions options)
    {
        var file = new Argument<string>("WORKFLOW.json")
        {
            Description = "The workflow: a model, its passes, what is measured",
        };
        var explain = new Option<bool>("--explain")
        {
            Description =
                "Tell for each pass whether it would be a hit, where, and on a miss what differs; runs nothing",
        };
        var retry = new Option<bool>("--retry") { Description = "Run again what failed a short while ago" };
        var offline = new Option<bool>("--offline")
        {
            Description = "Neither the origin nor the shared store: what is here",
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Lay the final model out in this directory, whatever the workflow says",
            HelpName = "DIR",
        };
        var report = new Option<string?>("--report")
        {
            Description = "Write a page with the chain, what was saved and what was measured",
            HelpName = "FILE.html",
        };
        return new Command("run", "Run a workflow: a model through its passes, each computed once for all")
        {
            file,
            explain,
            retry,
            offline,
            output,
            report,
        }.Runs(
            options,
            async (context, cancellationToken) =>
            {
                var name = context.Result.GetRequiredValue(file);
                var workflow = WorkflowDocument.Load(name);
                // Before hours of work, and not after them.
                if (context.Result.GetValue(report) is { } page)
                    ThrowIfUnwritable(page);
                if (context.Result.GetValue(output) is { } directory)
                    workflow = workflow with { Output = Path.GetFullPath(directory) };
                var isOffline = context.Result.GetValue(offline) || context.Configuration.Offline;
                context.ShareAs(isOffline ? WorkflowSharing.Off : workflow.Shared);
                using var cache = context.OpenCache();
                var runner = new WorkflowRunner(cache, Steps(), context.Shared, loggerFactory: context.LoggerFactory);
                var run = new RunOptions
                {
                    Retry = context.Result.GetValue(retry),
                    Pull = new PullOptions { Offline = isOffline },
                };
                return context.Result.GetValue(explain)
                    ? await ExplainAsync(context, runner, workflow, run, cancellationToken)
                    : await RunAsync(
                        context,
                        runner,
                        workflow,
                        run,
                        name,
                        context.Result.GetValue(report),
                        cancellationToken
                    );
            }
        );
    }

    private static PassSet Steps() =>
        new([new CommandPass(), .. OnnxPasses.All()], [new CommandEvaluation(), .. OnnxEvaluations.All]);

    private static async Task<int> ExplainAsync(
        CommandContext context,
        WorkflowRunner runner,
        Workflow workflow,
        RunOptions options,
        CancellationToken cancellationToken
    )
    {
        var explanation = await runner.ExplainAsync(workflow, options, cancellationToken);
        if (context.Json)
            Terminal.Json(json => RunDocument.Write(json, explanation));
        else
            RunView.Write(explanation);
        return ExitCode.Done;
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        WorkflowRunner runner,
        Workflow workflow,
        RunOptions options,
        string name,
        string? report,
        CancellationToken cancellationToken
    )
    {
        using var result = await RunAsync(context, runner, workflow, options, cancellationToken);
        if (report is not null)
            WriteReport(
                report,
                WorkflowReports.Of(Path.GetFileName(name), workflow, result, TimeProvider.System.GetUtcNow())
            );
        if (context.Json)
            Terminal.Json(json => RunDocument.Write(json, result));
        else
            RunView.Write(result, context.Quiet);
        return result.HasMissedLimits ? ExitCode.Failed : ExitCode.Done;
    }

    private static void ThrowIfUnwritable(string report)
    {
        var path = Path.GetFullPath(report);
        if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(path)))
            throw new UsageException(
                $"The report cannot be written to '{path}': {(Directory.Exists(path) ? "that is a directory" : "its directory is not there")}. Name a file in a directory that is."
            );
    }

    private static void WriteReport(string path, WorkflowReport report)
    {
        using var writer = File.CreateText(path);
        HtmlReport.Write(report, writer);
    }

    private static async Task<WorkflowResult> RunAsync(
        CommandContext context,
        WorkflowRunner runner,
        Workflow workflow,
        RunOptions options,
        CancellationToken cancellationToken
    )
    {
        // Ended before the answer is written: a bar that ends clears the lines where it was.
        await using var display = context.Quiet ? null : new RunDisplay(showsLines: context.Verbose);
        return await runner.RunAsync(workflow, options with { Progress = display }, cancellationToken);
    }
}
