using Larder.TestKit;
using ModelGenerator.Onnx;
namespace Larder.Onnx.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Smoke()
    {
        using var directory = new TempDirectory();
        File.WriteAllBytes(directory["m.onnx"], Models.SumAndProduct());
        File.WriteAllBytes("/tmp/identity.onnx", Models.Identity(OnnxType.Float));
        File.WriteAllBytes("/tmp/endless.onnx", Models.Endless());
        using var model = OnnxModel.Load(directory["m.onnx"]);
        var inputs = Named.Inputs(("a", Named.Column(2)), ("b", Named.Column(3)));
        for (var i = 0; i < 100000; i++) model.Run(inputs);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 100000; i++) model.Run(inputs);
        TestContext.Current.TestOutputHelper!.WriteLine($"{watch.Elapsed.TotalMicroseconds / 100000} us");
        using var source = new CancellationTokenSource();
        watch.Restart();
        for (var i = 0; i < 100000; i++) model.Run(inputs, source.Token);
        TestContext.Current.TestOutputHelper!.WriteLine($"{watch.Elapsed.TotalMicroseconds / 100000} us cancellable");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) model.Run(inputs);
        TestContext.Current.TestOutputHelper!.WriteLine($"{(GC.GetAllocatedBytesForCurrentThread() - before) / 1000} B");
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) model.Run(inputs, source.Token);
        TestContext.Current.TestOutputHelper!.WriteLine($"{(GC.GetAllocatedBytesForCurrentThread() - before) / 1000} B cancellable");
        using var endless = OnnxModel.Load("/tmp/endless.onnx");
        source.CancelAfter(300);
        watch.Restart();
        Assert.Throws<OperationCanceledException>(() => endless.Run(Named.Inputs(("x", Named.Vector(1f, 2f))), source.Token));
        TestContext.Current.TestOutputHelper!.WriteLine($"{watch.Elapsed.TotalMilliseconds} ms cancelled");
    }
}
