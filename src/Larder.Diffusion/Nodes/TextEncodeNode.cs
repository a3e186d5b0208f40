using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;
using Larder.Onnx;

namespace Larder.Diffusion.Nodes;

/// <summary>Encodes a prompt, and what guidance is to lead away from.</summary>
/// <remarks>
/// A prompt that is empty, or has no word that the models know, is no prompt: the result is any clip. So is a negative prompt,
/// and then guidance leads away from what would come without a prompt.
/// </remarks>
public sealed class TextEncodeNode : GraphNode
{
    /// <summary>The most words that a prompt may have of those that the models know.</summary>
    public const int MaxWords = 1024;

    private readonly VideoModels _models;

    /// <summary>Creates the node.</summary>
    public TextEncodeNode(string name, VideoModels models)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(models);
        _models = models;
        Prompt = AddInput<string>("prompt");
        NegativePrompt = AddOptionalInput("negative_prompt", "");
        Conditional = AddOutput<ConditionalContext>("conditional");
        Unconditional = AddOutput<UnconditionalContext>("unconditional");
    }

    /// <summary>What is to be seen.</summary>
    public Input<string> Prompt { get; }

    /// <summary>What is not to be seen; nothing in particular.</summary>
    public Input<string> NegativePrompt { get; }

    /// <summary>What the prompt means.</summary>
    public Output<ConditionalContext> Conditional { get; }

    /// <summary>What the negative prompt means.</summary>
    public Output<UnconditionalContext> Unconditional { get; }

    /// <inheritdoc/>
    protected override ValueTask RunAsync(NodeContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var faults = new List<DiffusionFault>();
        var prompt = IdsOf(Prompt.Name, context.Get(Prompt), faults);
        var negative = IdsOf(NegativePrompt.Name, context.Get(NegativePrompt), faults);
        if (faults.Count > 0)
            throw NodeFaults.Of(Name, faults);
        // One length for both, so that the denoiser can take them at once. At least one id: no model takes none.
        var length = _models.Facts.TextLength ?? Math.Max(1, Math.Max(prompt.Count, negative.Count));
        context.Set(Conditional, new ConditionalContext(Encode(prompt, length, cancellationToken)));
        context.Set(Unconditional, new UnconditionalContext(Encode(negative, length, cancellationToken)));
        return ValueTask.CompletedTask;
    }

    private List<long> IdsOf(string port, string? text, List<DiffusionFault> faults)
    {
        if (text is null)
        {
            faults.Add(
                new DiffusionFault(port, "It is null: give a text; an empty one asks for nothing in particular.")
            );
            return [];
        }
        var ids = _models.IdsOf(text);
        var most = Math.Min(MaxWords, _models.Facts.TextLength ?? MaxWords);
        if (ids.Count > most)
            faults.Add(
                new DiffusionFault(
                    port,
                    FormattableString.Invariant($"It has {ids.Count} words that the models know; {most} are the most.")
                )
            );
        return ids;
    }

    private Tensor<float> Encode(List<long> words, int length, CancellationToken cancellationToken)
    {
        var ids = new long[length];
        ids.AsSpan().Fill(_models.Facts.Padding);
        words.CopyTo(ids);
        return _models.EncodeText(new Tensor<long>(ids, 1, length), cancellationToken);
    }
}
