using Larder.Passes;

namespace Larder.Onnx.Passes;

/// <summary>The passes on ONNX models that are built in.</summary>
public static class OnnxPasses
{
    /// <summary>All of them, for a catalogue that workflows choose from by name.</summary>
    public static IReadOnlyList<IPass> All() =>
        [
            new OptimizePass(),
            new LoraPass(),
            new Float16Pass(),
            new QuantizePass(),
            new MetadataPass(),
            new ExternalDataPass(),
        ];
}
