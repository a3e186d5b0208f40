using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;

namespace Larder.Diffusion.Nodes;

/// <summary>Makes pictures of latents, tile by tile, so that the memory for it does not grow with the picture.</summary>
/// <remarks>
/// Tiles overlap by a quarter and fade into each other, which hides the edges that decoders which look around a token give to a
/// tile. In time there is one tile: the first token stands for one picture, so a later one cannot begin a clip.
/// </remarks>
public sealed class DecodeNode : GraphNode
{
    private readonly VideoModels _models;
    private readonly int _tile;

    /// <summary>Creates the node.</summary>
    /// <param name="name">Its name in the graph.</param>
    /// <param name="models">The models.</param>
    /// <param name="tileSize">The pixels along each side of a tile; a multiple of the models' spatial factor, and at least two of it.</param>
    public DecodeNode(string name, VideoModels models, int tileSize = 128)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(models);
        var factor = models.Facts.SpatialFactor;
        if (tileSize < 2 * factor || tileSize % factor != 0)
            throw new ArgumentOutOfRangeException(
                nameof(tileSize),
                tileSize,
                FormattableString.Invariant(
                    $"The side of a tile is a multiple of {factor} pixels, and at least {2 * factor}."
                )
            );
        _models = models;
        _tile = tileSize / factor;
        Latents = AddInput<Latents>("latents");
        Video = AddOutput<Video>("video");
    }

    /// <summary>The latents of the clip.</summary>
    public Input<Latents> Latents { get; }

    /// <summary>The clip.</summary>
    public Output<Video> Video { get; }

    /// <inheritdoc/>
    protected override ValueTask RunAsync(NodeContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var latents = context.Get(Latents);
        var shape = latents.Shape;
        LatentCheck.Check(Name, Latents, latents, _models.Facts.Grids);
        var overlap = Math.Max(1, _tile / 4);
        var rows = TileAxis.Starts(shape.Height, _tile, overlap);
        var columns = TileAxis.Starts(shape.Width, _tile, overlap);
        var values =
            rows.Length == 1 && columns.Length == 1
                ? _models.Decode(LatentTensor.Of(shape, latents.Values), cancellationToken).Data
                : DecodeTiles(context, latents, rows, columns, overlap, cancellationToken);
        var facts = _models.Facts;
        context.Set(
            Video,
            new Video(facts, facts.PicturesOf(shape), facts.HeightOf(shape), facts.WidthOf(shape), values)
        );
        return ValueTask.CompletedTask;
    }

    private float[] DecodeTiles(
        NodeContext context,
        Latents latents,
        int[] rows,
        int[] columns,
        int overlap,
        CancellationToken cancellationToken
    )
    {
        var blend = new TileBlend(_models.Facts, latents.Shape, overlap);
        var done = 0;
        foreach (var top in rows)
        foreach (var left in columns)
        {
            var shape = latents.Shape with
            {
                Height = Math.Min(_tile, latents.Shape.Height),
                Width = Math.Min(_tile, latents.Shape.Width),
            };
            var tile = _models.Decode(LatentTensor.Of(shape, Cut(latents, shape, top, left)), cancellationToken);
            blend.Add(tile.Span, shape, top, left);
            context.Step(++done, rows.Length * columns.Length);
        }
        return blend.Result();
    }

    private static float[] Cut(Latents latents, LatentShape tile, int top, int left)
    {
        var whole = latents.Shape;
        var cut = new float[tile.Length];
        var target = 0;
        for (var plane = 0; plane < whole.Channels * whole.Frames; plane++)
        for (var y = top; y < top + tile.Height; y++)
        {
            latents
                .Values.Span.Slice((plane * whole.Height + y) * whole.Width + left, tile.Width)
                .CopyTo(cut.AsSpan(target));
            target += tile.Width;
        }
        return cut;
    }
}
