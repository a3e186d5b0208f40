using Larder.Diffusion.Models;

namespace Larder.Diffusion.Nodes;

/// <summary>Puts decoded tiles together, each pixel the mean of the tiles that have it, weighted by how far inside it lies.</summary>
internal sealed class TileBlend(VideoModelFacts facts, LatentShape shape, int overlap)
{
    private readonly int _height = facts.HeightOf(shape);
    private readonly int _width = facts.WidthOf(shape);
    private readonly int _overlap = overlap * facts.SpatialFactor;
    private readonly int _planes = Video.Planes * facts.PicturesOf(shape);
    private readonly float[] _sums = new float[
        Video.Planes * facts.PicturesOf(shape) * facts.HeightOf(shape) * facts.WidthOf(shape)
    ];

    // One plane: all have the same.
    private readonly float[] _weights = new float[facts.HeightOf(shape) * facts.WidthOf(shape)];

    /// <summary>Adds a tile; where it begins is told in tokens.</summary>
    public void Add(ReadOnlySpan<float> tile, LatentShape tileShape, int topToken, int leftToken)
    {
        var (height, width) = (facts.HeightOf(tileShape), facts.WidthOf(tileShape));
        var (top, left) = (topToken * facts.SpatialFactor, leftToken * facts.SpatialFactor);
        var rows = TileAxis.Weights(top, height, _height, _overlap);
        var columns = TileAxis.Weights(left, width, _width, _overlap);
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            var weight = rows[y] * columns[x];
            var pixel = (top + y) * _width + left + x;
            _weights[pixel] += weight;
            for (var plane = 0; plane < _planes; plane++)
                _sums[plane * _weights.Length + pixel] += weight * tile[(plane * height + y) * width + x];
        }
    }

    /// <summary>The whole pictures.</summary>
    public float[] Result()
    {
        for (var place = 0; place < _sums.Length; place++)
            _sums[place] /= _weights[place % _weights.Length];
        return _sums;
    }
}
