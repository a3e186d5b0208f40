using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Passes.Documents;

namespace Larder.Passes;

/// <summary>Builds a workflow step by step, with the checks of a workflow file. Not safe for concurrent use.</summary>
public sealed class WorkflowBuilder
{
    private readonly JsonObject _input;
    private readonly JsonArray _passes = [];
    private readonly JsonArray _evaluations = [];
    private readonly JsonObject _document;
    private string _baseDirectory = Directory.GetCurrentDirectory();

    internal WorkflowBuilder(string reference)
    {
        _input = new JsonObject { [WorkflowShape.Reference] = reference };
        _document = new JsonObject
        {
            [WorkflowShape.Input] = _input,
            [WorkflowShape.Passes] = _passes,
            [WorkflowShape.Evaluations] = _evaluations,
        };
    }

    /// <summary>Names the directory that relative paths begin at; the process's own without it.</summary>
    public WorkflowBuilder In(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _baseDirectory = directory;
        return this;
    }

    /// <summary>Takes only files of the input that one of these patterns matches.</summary>
    public WorkflowBuilder Include(params IReadOnlyList<string> patterns) => Choose(WorkflowShape.Include, patterns);

    /// <summary>Leaves out files of the input that one of these patterns matches.</summary>
    public WorkflowBuilder Exclude(params IReadOnlyList<string> patterns) => Choose(WorkflowShape.Exclude, patterns);

    /// <summary>Takes this version of the input, whatever its origin has by now.</summary>
    public WorkflowBuilder AtVersion(Digest digest)
    {
        _input[WorkflowShape.Digest] = digest.ToString();
        return this;
    }

    /// <summary>Adds a pass behind those that are there.</summary>
    /// <param name="type">The kind of pass, such as <c>onnx-quantize</c>.</param>
    /// <param name="config">Its options; null for their defaults.</param>
    /// <param name="name">What it is called; null for its type.</param>
    public WorkflowBuilder Pass(string type, JsonObject? config = null, string? name = null)
    {
        _passes.Add((JsonNode)Step(type, config, name));
        return this;
    }

    /// <summary>Adds an evaluation.</summary>
    /// <param name="type">The kind of evaluation, such as <c>onnx-latency</c>.</param>
    /// <param name="config">Its options; null for their defaults.</param>
    /// <param name="of">The name of the pass whose result is measured; null for the last one's.</param>
    /// <param name="name">What it is called; null for its type.</param>
    public WorkflowBuilder Evaluate(string type, JsonObject? config = null, string? of = null, string? name = null)
    {
        var step = Step(type, config, name);
        if (of is not null)
            step[WorkflowShape.Of] = of;
        _evaluations.Add((JsonNode)step);
        return this;
    }

    /// <summary>Lays the final model out in a directory.</summary>
    public WorkflowBuilder OutputTo(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        _document[WorkflowShape.Output] = directory;
        return this;
    }

    /// <summary>Shares through a team's store, both ways.</summary>
    /// <param name="url">Where: <c>s3://bucket/prefix</c>, <c>az://account/container/prefix</c>, <c>file:///directory</c>.</param>
    public WorkflowBuilder ShareThrough(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return ShareThrough(new WorkflowSharing(url));
    }

    /// <summary>Shares through a team's store, or not at all with <see cref="WorkflowSharing.Off"/>.</summary>
    public WorkflowBuilder ShareThrough(WorkflowSharing shared)
    {
        ArgumentNullException.ThrowIfNull(shared);
        _document[WorkflowShape.Shared] = WorkflowWriter.ToJson(shared);
        return this;
    }

    /// <summary>The workflow.</summary>
    /// <exception cref="WorkflowException">It makes no sense: all that is wrong, with paths as in a workflow file.</exception>
    public Workflow Build() => WorkflowDocument.Read(_document, _baseDirectory);

    private WorkflowBuilder Choose(string name, IReadOnlyList<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        _input[name] = WorkflowWriter.ToJson(patterns);
        return this;
    }

    private static JsonObject Step(string type, JsonObject? config, string? name)
    {
        ArgumentNullException.ThrowIfNull(type);
        var step = new JsonObject { [WorkflowShape.Type] = type };
        if (name is not null)
            step[WorkflowShape.Name] = name;
        if (config is not null)
            step[WorkflowShape.Config] = config.DeepClone();
        return step;
    }
}
