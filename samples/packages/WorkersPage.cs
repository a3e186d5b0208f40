using System.Text.Json;
using Larder;
using Larder.Graphs;
using Larder.Origins;
using Larder.Workers;

namespace PackagePages;

/// <summary>The page of the package <c>Larder.Workers</c>.</summary>
internal static class WorkersPage
{
    public static async Task RunAsync(string[] _)
    {
        // A worker is any program that reads a JSON document from each line of descriptor 3 and writes its answer to descriptor 4.
        Directory.CreateDirectory("my-predictor");
        await File.WriteAllTextAsync(
            "my-predictor/worker.sh",
            """
            echo '{"ready": true, "protocol": 1}' >&4
            while read -r line <&3; do
                id=$(echo "$line" | sed 's/.*"id":\([0-9]*\).*/\1/')
                echo "{\"id\": $id, \"outputs\": {\"answer\": 42}}" >&4
            done
            """
        );

        using var files = new ModelCache(new ModelCacheOptions { StorePath = "store" });
        await using var graphs = new GraphCache(new GraphCacheOptions());
        var models = new WorkerModels(files, graphs);
        var model = new WorkerModelRequest(
            ModelReference.OfPath("my-predictor"),
            new WorkerProgram(["sh", "{snapshot}/worker.sh"])
        );

        using var request = JsonDocument.Parse("""{"inputs": {"question": "?"}}""");
        var prediction = await models.PredictAsync(model, request.RootElement);
        Console.WriteLine(prediction.Outputs);
    }
}
