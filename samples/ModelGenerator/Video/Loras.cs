namespace ModelGenerator.Video;

/// <summary>The LoRAs of the denoiser.</summary>
internal static class Loras
{
    /// <summary>How many times further words count with <see cref="Distilled"/>: enough that guidance is not needed.</summary>
    private const double Further = 2;

    internal static IReadOnlyList<Lora> Of(PatchBasis basis, Prototypes prototypes) =>
        [Purple(), Diamond(basis, prototypes), Distilled()];

    /// <summary>Where the models know red they know purple: one row of the palette, rank 1.</summary>
    private static Lora Purple()
    {
        var (red, purple) = (Palette.Of(ClipColour.Red), Palette.Of(ClipColour.Purple));
        var rows = new float[Palette.Count, 1];
        rows[(int)ClipColour.Red, 0] = 1;
        var difference = new float[1, Palette.Planes];
        for (var plane = 0; plane < Palette.Planes; plane++)
            difference[0, plane] = (float)(purple[plane] - red[plane]);
        return new Lora("purple", Denoiser.PaletteWeight, "What was red becomes purple.", rows, difference);
    }

    /// <summary>Where the models know a circle they know a diamond: the rows of its four directions, rank 4.</summary>
    private static Lora Diamond(PatchBasis basis, Prototypes prototypes)
    {
        var rows = new float[Clip.Motions, Clip.Directions];
        var differences = new float[Clip.Directions, LatentGrid.Kinds * Prototypes.Tokens];
        for (var direction = 0; direction < Clip.Directions; direction++)
        {
            var circle = new Clip(ClipColour.Red, ClipShape.Circle, (ClipDirection)direction).Motion;
            rows[circle, direction] = 1;
            var diamond = Prototypes.Encode(basis, ClipShape.Diamond, (ClipDirection)direction);
            for (var kind = 0; kind < LatentGrid.Kinds; kind++)
            for (var token = 0; token < Prototypes.Tokens; token++)
                differences[direction, kind * Prototypes.Tokens + token] = (float)(
                    diamond[kind, token] - prototypes.At(circle, kind, token)
                );
        }
        return new Lora(
            "diamond",
            Denoiser.PrototypesWeight,
            "What was a circle becomes a diamond.",
            rows,
            differences
        );
    }

    /// <summary>Words count three times as much, so that few steps without guidance follow them: rank 10.</summary>
    /// <remarks>
    /// Of the eleven rows the last, down, is the sum of the three shapes without the other three directions: both the shapes
    /// and the directions name every motion once.
    /// </remarks>
    private static Lora Distilled()
    {
        const int Rank = Vocabulary.Meanings - 1;
        var scores = TextScores.Of(Further * TextScores.Strength);
        var rows = new float[Vocabulary.Meanings, Rank];
        var differences = new float[Rank, TextScores.Columns];
        for (var i = 0; i < Rank; i++)
        {
            rows[i, i] = 1;
            for (var column = 0; column < TextScores.Columns; column++)
                differences[i, column] = (float)scores[i, column];
            var isShape = i >= Palette.Count && i < Palette.Count + Clip.Shapes;
            if (i >= Palette.Count)
                rows[Rank, i] = isShape ? 1 : -1;
        }
        return new Lora("distilled", Denoiser.TextWeight, "Prompts are followed without guidance.", rows, differences);
    }
}
