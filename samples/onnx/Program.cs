using System.Text.Json;
using Larder;
using Larder.Graphs;
using Larder.Onnx;
using Larder.Onnx.Serving;
using Larder.Origins;

// Files on disk, sessions in memory: the cache of graphs is disposed first, since its models hold their files.
using var files = new ModelCache(new ModelCacheOptions { StorePath = "artifacts/sample-store" });
await using var graphs = new GraphCache(new GraphCacheOptions { MaxBytes = 2_000_000_000 });
var models = new OnnxModels(files, graphs);
var sentiment = new OnnxModelRequest(ModelReference.OfPath("samples/models/sentiment"));

foreach (var text in new[] { "a wonderful film", "a dull, tiresome film" })
{
    await using var lease = await models.RentAsync(sentiment);
    var outputs = lease.Model.Run(
        new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["text"] = new Tensor<string>(new[] { text }, 1) }
    );
    var label = (Tensor<string>)outputs["label"];
    Console.WriteLine($"{text}: {label.Span[0]} ({(lease.GraphFromCache ? "loaded already" : "loaded now")})");
}

// Or JSON in, JSON out, as the server does it.
using var request = JsonDocument.Parse("""{"inputs": {"text": "a wonderful film"}}""");
var prediction = await models.PredictAsync(sentiment, request.RootElement);
Console.WriteLine($"{prediction.Outputs.Count} outputs in {prediction.TotalTime.TotalMilliseconds:0.000} ms");
