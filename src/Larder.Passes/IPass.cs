namespace Larder.Passes;

/// <summary>A kind of step that turns one model into another, chosen by name. An implementation is safe for concurrent use.</summary>
public interface IPass
{
    /// <summary>The name that workflows choose it by, such as <c>onnx-optimize</c>.</summary>
    string Name { get; }

    /// <summary>Raised whenever the same options give other files: it is part of every key.</summary>
    int Version { get; }

    /// <summary>One plain sentence that says what it does, for people.</summary>
    string Summary { get; }

    /// <summary>Reads the options and tells all that the result depends on besides the input; touches no model file.</summary>
    /// <param name="step">The options as the workflow gives them, and where paths in them begin.</param>
    /// <exception cref="WorkflowException">An option is unknown, missing or wrong: all that are, each with its path.</exception>
    PassPlan Plan(StepRequest step);
}
