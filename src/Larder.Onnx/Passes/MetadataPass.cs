using Larder.Content;
using Larder.Onnx.Format;
using Larder.Passes;

namespace Larder.Onnx.Passes;

/// <summary>Changes what a model says about itself, and nothing of what it computes.</summary>
internal sealed class MetadataPass : IPass
{
    public string Name => "onnx-metadata";

    public int Version => 1;

    public string Summary => "Sets and removes metadata, the description and the producer of an ONNX model.";

    public PassPlan Plan(StepRequest step)
    {
        var (options, config) = StepOptions.Read(step, PassOptionsJson.Default.MetadataOptions, Validate);
        return PassWork.Plan(
            new StepFacts { Config = config },
            (run, cancellationToken) =>
            {
                var document = ModelDocument.Load(run, options.File);
                Change(document.Model, options);
                document.SaveBesideItsData(cancellationToken);
            }
        );
    }

    private static IEnumerable<(string, string)> Validate(MetadataOptions options)
    {
        if (options.Set.ContainsKey(""))
            yield return ("set", "A key is empty: name it.");
        foreach (var key in options.Remove.Where(options.Set.ContainsKey))
            yield return ("remove", $"{Printable.Quote(key)} is set as well: name it in one of the two.");
    }

    private static void Change(ModelProto model, MetadataOptions options)
    {
        // In the order of their keys, whatever it was: equal entries give equal bytes.
        var entries = model
            .MetadataProps.Where(entry =>
                !options.Set.ContainsKey(entry.Key) && !options.Remove.Contains(entry.Key, StringComparer.Ordinal)
            )
            .Concat(options.Set.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .ToList();
        model.MetadataProps.Clear();
        model.MetadataProps.AddRange(entries);

        Apply(options.DocString, text => model.DocString = text, model.ClearDocString);
        Apply(options.ProducerName, text => model.ProducerName = text, model.ClearProducerName);
        Apply(options.ProducerVersion, text => model.ProducerVersion = text, model.ClearProducerVersion);
    }

    private static void Apply(string? text, Action<string> set, Action clear)
    {
        if (text is { Length: > 0 })
            set(text);
        else if (text is not null)
            clear();
    }
}
