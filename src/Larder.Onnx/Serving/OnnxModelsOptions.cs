namespace Larder.Onnx.Serving;

/// <summary>How models are loaded.</summary>
public sealed class OnnxModelsOptions
{
    /// <summary>Whether optimised copies of models that are slow to load are kept in the store, and loaded in their place; true.</summary>
    /// <remarks>Turn it off where the store's room is worth more than the time of a load.</remarks>
    public bool KeepOptimized { get; set; } = true;
}
