namespace Larder.Onnx;

/// <summary>Puts the named inputs of a run into the order of the model's, and checks each against its spec.</summary>
internal static class InputOrder
{
    /// <summary>The tensors, one for each spec and in the order of the specs.</summary>
    /// <exception cref="InvalidInputsException">An input is missing, unknown, or of another type or shape.</exception>
    public static Tensor[] Of(IReadOnlyList<TensorSpec> specs, IReadOnlyDictionary<string, Tensor> inputs)
    {
        var ordered = new Tensor[specs.Count];
        var found = 0;
        List<InputFault>? faults = null;
        for (var i = 0; i < ordered.Length; i++)
        {
            var spec = specs[i];
            if (!inputs.TryGetValue(spec.Name, out var tensor) || tensor is null)
            {
                (faults ??= []).Add(InputFaults.Missing(spec));
                continue;
            }
            found++;
            ordered[i] = tensor;
            if (tensor.ElementType != spec.ElementType || !spec.Accepts(tensor.Dimensions))
                (faults ??= []).Add(InputFaults.Mismatch(spec, tensor));
        }
        if (found != inputs.Count)
            (faults ??= []).AddRange(InputFaults.Unknown(specs, inputs.Keys));
        return faults is null or [] ? ordered : throw new InvalidInputsException(faults);
    }
}
