namespace Larder.Diffusion.Nodes;

/// <summary>How one side of a picture is cut into tiles that overlap.</summary>
internal static class TileAxis
{
    /// <summary>Where the tiles begin: all of one length, the last moved back to where the side ends.</summary>
    public static int[] Starts(int length, int tile, int overlap)
    {
        if (tile >= length)
            return [0];
        var starts = new List<int>();
        for (var start = 0; start + tile < length; start += tile - overlap)
            starts.Add(start);
        starts.Add(length - tile);
        return [.. starts];
    }

    /// <summary>
    /// How much each pixel of a tile counts: all of it inside, less and less towards an edge behind which there is another tile.
    /// </summary>
    /// <param name="start">Where the tile begins.</param>
    /// <param name="tile">Its pixels.</param>
    /// <param name="length">The pixels of the side.</param>
    /// <param name="overlap">The pixels over which it fades.</param>
    public static float[] Weights(int start, int tile, int length, int overlap)
    {
        var weights = new float[tile];
        for (var place = 0; place < tile; place++)
        {
            var weight = 1f;
            if (start > 0)
                weight = Math.Min(weight, (place + 0.5f) / overlap);
            if (start + tile < length)
                weight = Math.Min(weight, (tile - place - 0.5f) / overlap);
            weights[place] = weight;
        }
        return weights;
    }
}
