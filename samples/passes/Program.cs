using Larder;
using Larder.Onnx.Passes;
using Larder.Passes;
using Larder.Passes.Running;

using var cache = new ModelCache(new ModelCacheOptions { StorePath = "artifacts/sample-store" });
var runner = new WorkflowRunner(cache, new PassSet(OnnxPasses.All(), []));
var workflow = Workflow
    .From("samples/models/house-prices/v1")
    .Pass("onnx-optimize")
    .Pass("onnx-float16", name: "half")
    .Build();

// The first run computes both passes; every later one, in any process, finds what came out of them.
using var result = await runner.RunAsync(workflow);
foreach (var pass in result.Passes)
    Console.WriteLine($"{pass.Name}: {pass.Outcome} in {pass.Seconds:0.000} s");
Console.WriteLine(result.Output.Path);
