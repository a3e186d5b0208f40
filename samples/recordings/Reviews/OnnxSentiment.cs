using System.Runtime.CompilerServices;
using Larder;
using Larder.Graphs;
using Larder.Onnx;
using Larder.Onnx.Serving;
using Larder.Origins;
using Larder.Pull;
using Larder.Recordings;

namespace Reviews;

/// <summary>The sample model, through the caches of files and of graphs.</summary>
public sealed class OnnxSentiment : ISentiment, IAsyncDisposable
{
    private static readonly ModelPin Pin = ModelPin.Read(Path.Combine(AppContext.BaseDirectory, "sentiment.pin.json"));

    private readonly ModelCache _files;
    private readonly GraphCache _graphs;
    private readonly OnnxModels _models;
    private readonly OnnxModelRequest _request;

    /// <summary>Of the model in a directory; nothing is loaded before the first call.</summary>
    public OnnxSentiment(string modelDirectory, string storeDirectory)
    {
        _files = new ModelCache(new ModelCacheOptions { StorePath = storeDirectory });
        _graphs = new GraphCache(new GraphCacheOptions { MaxBytes = 100_000_000 });
        _models = new OnnxModels(_files, _graphs);
        // The pinned version and no other: it is what recordings say that they are of.
        _request = new OnnxModelRequest(ModelReference.OfPath(modelDirectory))
        {
            Pull = new PullOptions { Digest = Pin.Digest },
        };
    }

    /// <summary>What recordings name: known without the model.</summary>
    public static Deployment Deployment { get; } = new("sentiment") { Models = [Pin] };

    public async Task<Opinion> ScoreAsync(string text, CancellationToken cancellationToken = default)
    {
        await using var lease = await _models.RentAsync(_request, cancellationToken);
        return Score(lease.Model, text, cancellationToken);
    }

    public async IAsyncEnumerable<SentenceOpinion> ScoreSentencesAsync(
        string text,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await using var lease = await _models.RentAsync(_request, cancellationToken);
        foreach (
            var sentence in text.Split(
                ['.', '!', '?'],
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            )
        )
            yield return new SentenceOpinion(sentence, Score(lease.Model, sentence, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await _graphs.DisposeAsync();
        _files.Dispose();
    }

    private static Opinion Score(OnnxModel model, string text, CancellationToken cancellationToken)
    {
        var outputs = model.Run(
            new Dictionary<string, Tensor> { ["text"] = new Tensor<string>(new[] { text }, 1) },
            cancellationToken
        );
        return new Opinion(
            ((Tensor<string>)outputs["label"]).Span[0],
            Math.Round(((Tensor<float>)outputs["score"]).Span[0], 4)
        );
    }
}
