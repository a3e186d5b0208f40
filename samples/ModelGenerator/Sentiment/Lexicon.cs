namespace ModelGenerator.Sentiment;

/// <summary>The words that the sample <c>sentiment</c> knows.</summary>
/// <remarks>A word weighs 3 where it alone settles the matter, 2 where it is clear, 1 where it only leans.</remarks>
internal static class Lexicon
{
    private static readonly (int Weight, string Words)[] Groups =
    [
        (
            3,
            "adore adored amazing awesome best brilliant excellent exceptional fantastic flawless incredible "
                + "magnificent marvellous masterpiece outstanding perfect perfectly phenomenal spectacular splendid "
                + "stunning superb terrific wonderful"
        ),
        (
            2,
            "beautiful beautifully charming delicious delight delighted delightful elegant engaging enjoy enjoyable "
                + "enjoyed friendly fun funny generous gorgeous great happy helpful impressed impressive joy kind love "
                + "loved lovely loves pleasant pleased pleasure recommend recommended refreshing reliable smoothly "
                + "thoughtful thrilled warm welcoming"
        ),
        (
            1,
            "affordable better bright clean clear comfortable convenient cosy decent easily easy fair fast fine fresh "
                + "glad good improved interesting like liked neat nice polite prompt quick quickly safe satisfied "
                + "smooth sturdy tasty thank thanks useful well worth"
        ),
        (
            -1,
            "bland boring cheap cold complicated confusing crowded difficult dull expensive greasy late loud mediocre "
                + "messy missing noisy overpriced predictable problem problems salty slow slowly stiff uncomfortable "
                + "unclear weak"
        ),
        (
            -2,
            "angry annoyed annoying avoid bad badly broke broken crash crashed crashes damaged defective dirty "
                + "disappointed disappointing disappointment fail failed fails faulty filthy frustrating leaked "
                + "leaking misleading poor poorly refund regret ruined rude sad stale ugly unfriendly unhelpful "
                + "unpleasant unreliable upset useless waste wasted worse wrong"
        ),
        (
            -3,
            "abysmal appalling atrocious awful despise disaster disgusting dreadful garbage hate hated horrible "
                + "horrid nightmare pathetic rubbish terrible terribly unacceptable worst worthless"
        ),
    ];

    /// <summary>Each word's weight.</summary>
    internal static IReadOnlyList<(string Word, int Weight)> Weights { get; } =
    [.. Groups.SelectMany(group => group.Words.Split(' ').Select(word => (word, group.Weight)))];

    /// <summary>Words that turn what follows into its opposite, with either apostrophe.</summary>
    internal static IReadOnlyList<string> Negators { get; } =
    [
        .. "barely cannot hardly neither never no nobody none nor not nothing without".Split(' '),
        .. "aren't can't couldn't didn't doesn't don't hasn't haven't isn't wasn't weren't won't wouldn't"
            .Split(' ')
            .SelectMany(word => new[] { word, word.Replace('\'', '’') }),
    ];
}
