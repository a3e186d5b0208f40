using System.Text.Json;
using Larder.Onnx.Json;

namespace Larder.Onnx.Tests.Json;

public sealed class InstanceReaderTests
{
    [Fact]
    public void Read_MillionsThatAreWrong_StopsWhereNobodyReadsOn()
    {
        using var body = JsonDocument.Parse(
            $$"""{"instances": [{{string.Join(',', Enumerable.Repeat(1, 2_000_000))}}]}"""
        );

        var failure = Assert.Throws<InvalidInputsException>(() =>
            InstanceReader.Read(body.RootElement, [new TensorSpec("x", TensorElementType.Float32, [])])
        );

        Assert.Equal(FaultList.Max + 1, failure.Faults.Count);
        Assert.Equal("instances[0]", failure.Faults[0].Path);
        Assert.Equal("There may be more faults: nothing after these was read.", failure.Faults[^1].Message);
    }
}
