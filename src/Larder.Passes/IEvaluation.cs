namespace Larder.Passes;

/// <summary>A kind of measurement of a model, chosen by name. An implementation is safe for concurrent use.</summary>
public interface IEvaluation
{
    /// <summary>The name that workflows choose it by, such as <c>onnx-latency</c>.</summary>
    string Name { get; }

    /// <summary>Raised whenever the same options may give other figures: it is part of every key.</summary>
    int Version { get; }

    /// <summary>One plain sentence that says what it measures, for people.</summary>
    string Summary { get; }

    /// <summary>Reads the options and tells all that the figures depend on besides the model; touches no model file.</summary>
    /// <param name="step">The options as the workflow gives them, and where paths in them begin.</param>
    /// <exception cref="WorkflowException">An option is unknown, missing or wrong: all that are, each with its path.</exception>
    EvaluationPlan Plan(StepRequest step);
}
