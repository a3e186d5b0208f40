using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Passes.Keys;

namespace Larder.Passes.Running;

/// <summary>A workflow all of whose steps are known, have options that make sense and files that can be read.</summary>
internal sealed class WorkflowPlan
{
    private WorkflowPlan(
        Workflow workflow,
        IReadOnlyList<PlannedPass> passes,
        IReadOnlyList<PlannedEvaluation> evaluations
    )
    {
        Workflow = workflow;
        Passes = passes;
        Evaluations = evaluations;
    }

    public Workflow Workflow { get; }

    public IReadOnlyList<PlannedPass> Passes { get; }

    public IReadOnlyList<PlannedEvaluation> Evaluations { get; }

    /// <summary>Plans all steps of a workflow, and reads the files that their options name.</summary>
    /// <exception cref="WorkflowException">It makes no sense: all that is wrong with it.</exception>
    public static WorkflowPlan Of(Workflow workflow, PassSet steps, CancellationToken cancellationToken)
    {
        var faults = new List<WorkflowFault>();
        FindTwins(workflow.Passes.Select(pass => pass.Name), "$.passes", faults);
        FindTwins(workflow.Evaluations.Select(evaluation => evaluation.Name), "$.evaluations", faults);
        var passes = workflow
            .Passes.Select(
                (pass, index) => Plan(workflow, pass, $"$.passes[{index}]", steps, faults, cancellationToken)
            )
            .ToList();
        var evaluations = workflow
            .Evaluations.Select(
                (evaluation, index) =>
                    Plan(workflow, evaluation, $"$.evaluations[{index}]", steps, faults, cancellationToken)
            )
            .ToList();
        return faults.Count > 0
            ? throw new WorkflowException(faults)
            : new WorkflowPlan(
                workflow,
                [.. passes.OfType<PlannedPass>()],
                [.. evaluations.OfType<PlannedEvaluation>()]
            );
    }

    private static void FindTwins(IEnumerable<string> names, string path, List<WorkflowFault> faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, name) in names.Index())
        {
            if (!seen.Add(name))
                faults.Add(
                    new WorkflowFault(
                        $"{path}[{index}].name",
                        $"There are two of the name '{Printable.Escape(name)}': rename one."
                    )
                );
        }
    }

    private static PlannedPass? Plan(
        Workflow workflow,
        WorkflowPass pass,
        string path,
        PassSet steps,
        List<WorkflowFault> faults,
        CancellationToken cancellationToken
    )
    {
        if (steps.FindPass(pass.Type, path, faults) is not { } type)
            return null;
        var request = Request(workflow, pass.Config, path);
        if (Try(() => type.Plan(request), faults) is not { } plan)
            return null;
        var files = StepFiles.Read(plan.Facts.Files, request.Path, faults, cancellationToken);
        return new PlannedPass(
            new PlannedStep(pass.Name, type.Name, type.Version, request.Path, plan.Facts, files),
            plan
        );
    }

    private static PlannedEvaluation? Plan(
        Workflow workflow,
        WorkflowEvaluation evaluation,
        string path,
        PassSet steps,
        List<WorkflowFault> faults,
        CancellationToken cancellationToken
    )
    {
        var of = FindMeasured(workflow, evaluation, path, faults);
        if (steps.FindEvaluation(evaluation.Type, path, faults) is not { } type)
            return null;
        var request = Request(workflow, evaluation.Config, path);
        if (Try(() => type.Plan(request), faults) is not { } plan)
            return null;
        var files = StepFiles.Read(plan.Facts.Files, request.Path, faults, cancellationToken);
        return new PlannedEvaluation(
            new PlannedStep(evaluation.Name, type.Name, type.Version, request.Path, plan.Facts, files),
            plan,
            of
        );
    }

    private static int FindMeasured(
        Workflow workflow,
        WorkflowEvaluation evaluation,
        string path,
        List<WorkflowFault> faults
    )
    {
        if (evaluation.Of is not { } name)
            return workflow.Passes.Count - 1;
        for (var index = 0; index < workflow.Passes.Count; index++)
        {
            if (workflow.Passes[index].Name == name)
                return index;
        }
        var nearest = NearestName.Of(name, workflow.Passes.Select(pass => pass.Name));
        faults.Add(
            new WorkflowFault(
                $"{path}.of",
                $"There is no pass '{Printable.Escape(name)}' in this workflow."
                    + (nearest is null ? "" : $" Did you mean '{nearest}'?")
            )
        );
        return -1;
    }

    // Its own copy: a pass may do with it what it likes.
    private static StepRequest Request(Workflow workflow, JsonObject config, string path) =>
        new(config.DeepClone().AsObject(), $"{path}.config", workflow.BaseDirectory);

    private static T? Try<T>(Func<T> plan, List<WorkflowFault> faults)
        where T : class
    {
        try
        {
            return plan();
        }
        catch (WorkflowException wrong)
        {
            faults.AddRange(wrong.Faults);
            return null;
        }
    }
}
