using System.Text.Json;
using Larder;
using Larder.Graphs;
using Larder.Onnx;
using Larder.Onnx.Serving;
using Larder.Origins;

namespace PackagePages;

/// <summary>The page of the package <c>Larder.Onnx</c>.</summary>
internal static class OnnxPage
{
    public static async Task RunAsync(string[] args)
    {
        // Files on disk, sessions in memory: the cache of graphs is disposed first, since its models hold their files.
        using var files = new ModelCache(new ModelCacheOptions { StorePath = "store" });
        await using var graphs = new GraphCache(new GraphCacheOptions { MaxBytes = 2_000_000_000 });
        var models = new OnnxModels(files, graphs);

        // A directory with a .onnx file, and a request such as {"inputs": {"area": 120}}. The second answer needs neither disk nor load.
        var model = new OnnxModelRequest(ModelReference.OfPath(args[0]));
        using var request = JsonDocument.Parse(args[1]);
        for (var turn = 0; turn < 2; turn++)
        {
            var answer = await models.PredictAsync(model, request.RootElement);
            await using (var json = new Utf8JsonWriter(Console.OpenStandardOutput()))
                TensorJson.WriteOutputs(json, answer.Specs, answer.Outputs);
            Console.WriteLine(answer.GraphFromCache ? " loaded already" : " loaded now");
        }
    }
}
