namespace ModelGenerator.Video;

/// <summary>What each meaning of the context adds to the score of each colour and of each motion.</summary>
internal static class TextScores
{
    /// <summary>Colours, then motions.</summary>
    internal const int Columns = Palette.Count + Clip.Motions;

    /// <summary>
    /// How much a word counts: enough that prompts are mostly followed without guidance, and little enough that guidance is
    /// seen to help.
    /// </summary>
    internal const double Strength = 3;

    /// <summary>[meaning, colour or motion], for words that count as much as given.</summary>
    internal static double[,] Of(double strength)
    {
        var scores = new double[Vocabulary.Meanings, Columns];
        for (var colour = 0; colour < Palette.Count; colour++)
            scores[colour, colour] = strength;
        for (var motion = 0; motion < Clip.Motions; motion++)
        {
            var shape = Palette.Count + (int)Clip.ShapeOf(motion);
            var direction = Palette.Count + Clip.Shapes + (int)Clip.DirectionOf(motion);
            scores[shape, Palette.Count + motion] = strength;
            scores[direction, Palette.Count + motion] = strength;
        }
        return scores;
    }
}
