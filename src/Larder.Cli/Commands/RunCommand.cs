using System.CommandLine;
using Larder.Cli.Output;
using Larder.Onnx;
using Larder.Passes;
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
        var file = new Argument<string>("WORKFLOW.json") { Description = "The workflow: a model, its passes, what is measured" };
        var explain = new Option<bool>("--explain")
        {
            Description = "Tell for each pass whether it would be a hit, where, and on a miss what differs; runs nothing",
        };
        var retry = new Option<bool>("--retry") { Description = "Run again what failed a short while ago" };
        var offline = new Option<bool>("--offline") { Description = "Neither the origin nor the shared store: what is here" };
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
                var workflow = await WorkflowReader.ReadAsync(context.Result.GetRequiredValue(file), cancellationToken);
                if (context.Result.GetValue(output) is { } directory)
                    workflow = workflow with { Output = Path.GetFullPath(directory) };
                var isOffline = context.Result.GetValue(offline) || context.Configuration.Offline;
                await using var shared = isOffline ? null : context.OpenShared(workflow.Shared);
                using var cache = context.OpenCache(shared?.Cache);
                var runner = new WorkflowRunner(
                    cache,
                    new PassSet([new CommandPass(), .. OnnxPasses.All()], [new CommandEvaluation(), .. OnnxEvaluations.All()]),
                    shared?.Cache,
                    loggerFactory: context.LoggerFactory
                );
                var pull = new PullOptions { Offline = isOffline };
                return context.Result.GetValue(explain)
                    ? await ExplainAsync(context, runner, workflow, pull, cancellationToken)
                    : await RunAsync(
                        context,
                        runner,
                        workflow,
                        new RunOptions { Retry = context.Result.GetValue(retry), Pull = pull },
                        context.Result.GetValue(report),
                        cancellationToken
                    );
            }
        );
    }

    private static async Task<int> ExplainAsync(
        CommandContext context,
        WorkflowRunner runner,
        Workflow workflow,
        PullOptions pull,
        CancellationToken cancellationToken
    )
    {
        var explanation = await runner.ExplainAsync(workflow, new RunOptions { Pull = pull }, cancellationToken);
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
        string? report,
        CancellationToken cancellationToken
    )
    {
        using var result = await RunAsync(context, runner, workflow, options, cancellationToken);
        if (report is not null)
            await File.WriteAllTextAsync(report, HtmlReport.Write(WorkflowReport.Of(result)), cancellationToken);
        if (context.Json)
            Terminal.Json(json => RunDocument.Write(json, result));
        else
            RunView.Write(result, context.Quiet);
        return result.Evaluations.All(evaluation => evaluation.Failure is null) ? ExitCode.Done : ExitCode.Failed;
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
