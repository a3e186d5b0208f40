using Larder.Origins;
using Larder.Pull;
using Larder.Server.Runtimes;
using Larder.Workers;

namespace Larder.Server.Configuration;

/// <summary>A model that the server answers for.</summary>
public sealed record ServedModel
{
    /// <summary>The id in its routes: 1 to 128 letters, digits, '.', '_' and '-'.</summary>
    public required string Id { get; init; }

    /// <summary>Where its files come from.</summary>
    public required ModelReference From { get; init; }

    /// <summary>What loads and runs it: <c>onnx</c>, the default, or <c>process</c>.</summary>
    public string Runtime { get; init; } = OnnxRuntime.RuntimeName;

    /// <summary>The file that is loaded; null: the only <c>.onnx</c> file, else <c>model.onnx</c>.</summary>
    public string? File { get; init; }

    /// <summary>What is started for it, where the runtime is <c>process</c>; null else.</summary>
    public WorkerProgram? Worker { get; init; }

    /// <summary>When its origin is asked again.</summary>
    public PullOptions Pull { get; init; } = new();

    /// <summary>Who asks its origin for newer versions; <see cref="RevalidateMode.Background"/>.</summary>
    public RevalidateMode Revalidate { get; init; }

    /// <summary>Whether a version that <see cref="Pull"/> names answers although it is no longer fresh, its origin being down.</summary>
    internal bool IsStale { get; init; }

    /// <summary>Whether it is pulled and loaded when the server starts; false.</summary>
    public bool Warm { get; init; }
}
