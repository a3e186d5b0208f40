using Larder.Content;
using Larder.Onnx;

namespace Larder.Diffusion.Models;

/// <summary>What a model must take and give.</summary>
internal sealed record ModelRule(IReadOnlyList<PortRule> Inputs, PortRule Output)
{
    /// <summary>Notes all that does not fit.</summary>
    public void Check(OnnxModel model, List<DiffusionFault> faults)
    {
        var file = Path.GetFileName(model.Path);
        foreach (var rule in Inputs)
            Check("input", rule, model.Inputs);
        // What it is not given it cannot run without; what it gives besides harms nobody.
        foreach (var other in model.Inputs.Where(spec => Inputs.All(rule => rule.Name != spec.Name)))
            faults.Add(
                new DiffusionFault(
                    $"{file}, input '{Printable.Escape(other.Name)}'",
                    $"It is {Printable.Escape(other.ToString())}; expected are no other inputs than {Names(Inputs.Select(rule => rule.Name))}."
                )
            );
        Check("output", Output, model.Outputs);

        void Check(string what, PortRule rule, IReadOnlyList<TensorSpec> specs)
        {
            var spec = specs.FirstOrDefault(spec => spec.Name == rule.Name);
            if (spec is not null && rule.Fits(spec))
                return;
            var actual = spec is null
                ? $"There is none; the model has {Names(specs.Select(other => other.Name))}."
                : $"It is {Printable.Escape(spec.ToString())}.";
            faults.Add(new DiffusionFault($"{file}, {what} '{rule.Name}'", $"{actual} Expected is {rule}."));
        }
    }

    private static string Names(IEnumerable<string> names) =>
        string.Join(", ", names.Select(name => Printable.Quote(name)));
}
