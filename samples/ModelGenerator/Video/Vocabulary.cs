namespace ModelGenerator.Video;

/// <summary>The words that prompts are made of, with synonyms. All others say nothing.</summary>
internal static class Vocabulary
{
    /// <summary>The id that fills short prompts up; a prompt without a known word is one of it.</summary>
    internal const int Padding = 0;

    /// <summary>What a word can mean, one number of the context each: colours, then shapes, then directions.</summary>
    internal const int Meanings = Palette.Count + Clip.Shapes + Clip.Directions;

    /// <summary>The words, of which the first has the id 1, with the place in the context of what each means.</summary>
    internal static IReadOnlyList<(string Word, int Meaning)> Words { get; } =
    [
        .. Of(
            "red crimson",
            "green emerald",
            "blue azure",
            "yellow golden",
            "square box",
            "circle ball disc",
            "triangle pyramid",
            "right rightwards",
            "left leftwards",
            "up upwards",
            "down downwards"
        ),
    ];

    private static IEnumerable<(string, int)> Of(params string[] meanings) =>
        meanings.SelectMany((words, meaning) => words.Split(' ').Select(word => (word, meaning)));
}
