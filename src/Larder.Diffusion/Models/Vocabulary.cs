using System.Globalization;
using System.Text.Json;
using Larder.Content;

namespace Larder.Diffusion.Models;

/// <summary>The ids of the words that models know.</summary>
internal sealed class Vocabulary
{
    private const int MaxBytes = 64 << 20;

    private readonly Dictionary<string, long> _words;

    private Vocabulary(Dictionary<string, long> words)
    {
        _words = words;
        Words = [.. words.OrderBy(word => word.Value).Select(word => word.Key)];
    }

    /// <summary>One without words.</summary>
    public static Vocabulary Empty { get; } = new([]);

    /// <summary>All words, in the order of their ids.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Reads a vocabulary.</summary>
    /// <returns>Null if it makes no sense: all that is wrong is in the faults.</returns>
    public static Vocabulary? Read(string path, int padding, List<DiffusionFault> faults)
    {
        using var json = SmallJson.Read(path, MaxBytes, faults);
        if (json is null)
            return null;
        var found = faults.Count;
        var name = Path.GetFileName(path);
        var facts = new JsonFacts(json.RootElement, name, faults);
        if (facts.Whole("padding", 0, JsonFacts.MaxSize) is var own && own != padding && faults.Count == found)
            facts.Fault(
                "padding",
                FormattableString.Invariant(
                    $"It is {own}, and text.padding of {VideoModelDocument.FileName} is {padding}."
                )
            );
        var words = new Dictionary<string, long>(StringComparer.Ordinal);
        if (
            json.RootElement.ValueKind == JsonValueKind.Object
            && json.RootElement.TryGetProperty("words", out var listed)
            && listed.ValueKind == JsonValueKind.Object
        )
        {
            foreach (var word in listed.EnumerateObject())
            {
                if (
                    word.Value.ValueKind != JsonValueKind.Number
                    || !word.Value.TryGetInt64(out var id)
                    || id is < 0 or > int.MaxValue
                    || id == padding
                )
                    facts.Fault(
                        $"words.{Printable.Escape(word.Name)}",
                        $"It is {JsonText.Show(word.Value)}: give an id that is not the padding's."
                    );
                else
                    words[word.Name] = id;
            }
        }
        else
        {
            facts.Fault("words", "Give an object of words and their ids.");
        }
        return faults.Count == found ? new Vocabulary(words) : null;
    }

    /// <summary>The ids of the words of a text.</summary>
    public List<long> IdsOf(string text) => [.. WordsOf(text).Select(word => _words[word])];

    /// <summary>The words of a text: small letters, split at all that are no letters, unknown words left out.</summary>
    public List<string> WordsOf(string text)
    {
        var words = new List<string>();
        for (var begin = 0; begin < text.Length; )
        {
            var end = begin;
            while (end < text.Length && char.IsLetter(text[end]))
                end++;
            if (
                end > begin
                && text[begin..end].ToLower(CultureInfo.InvariantCulture) is var word
                && _words.ContainsKey(word)
            )
                words.Add(word);
            begin = Math.Max(end, begin + 1);
        }
        return words;
    }
}
