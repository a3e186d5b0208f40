using System.Globalization;
using System.Text.Json;

namespace Larder.Diffusion.Models;

/// <summary>Reads single values of a JSON document and notes all that is wrong with them.</summary>
internal sealed class JsonFacts(JsonElement root, string file, List<DiffusionFault> faults)
{
    /// <summary>The largest size that anything in a model's description may have.</summary>
    public const int MaxSize = 1 << 20;

    public bool Has(string path) => Find(path) is { ValueKind: not JsonValueKind.Null };

    /// <summary>A whole number from 1 up; 1 where there is none.</summary>
    public int Size(string path) => Whole(path, 1, MaxSize);

    public int Whole(string path, int least, int most)
    {
        if (Find(path) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number))
        {
            if (number >= least && number <= most)
                return number;
            Fault(
                path,
                string.Create(CultureInfo.InvariantCulture, $"It is {number}: it goes from {least} to {most}.")
            );
        }
        else
        {
            Missing(path, "a whole number");
        }
        return least;
    }

    public double Number(string path)
    {
        if (
            Find(path) is { ValueKind: JsonValueKind.Number } value
            && value.TryGetDouble(out var number)
            && double.IsFinite(number)
        )
            return number;
        Missing(path, "a number");
        return 0;
    }

    public string Text(string path)
    {
        if (Find(path) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text)
            return text;
        Missing(path, "a text");
        return "";
    }

    public void Fault(string path, string message) => faults.Add(new DiffusionFault($"{file}: {path}", message));

    private void Missing(string path, string what) =>
        Fault(path, Find(path) is { } value ? $"It is {JsonText.Show(value)}: give {what}." : $"Give {what}.");

    private JsonElement? Find(string path)
    {
        var element = root;
        foreach (var name in path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }
        return element;
    }
}
