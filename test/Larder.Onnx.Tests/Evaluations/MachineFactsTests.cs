using Larder.Onnx.Evaluations;

namespace Larder.Onnx.Tests.Evaluations;

public sealed class MachineFactsTests
{
    [Fact]
    public void ParseCpuName_X64_IsTheNameOfTheFirst() =>
        Assert.Equal(
            "Cpu: 9 @ 2 GHz",
            MachineFacts.ParseCpuName(["processor\t: 0", "model name\t: Cpu: 9 @ 2 GHz", "", "model name\t: Other"])
        );

    [Fact]
    public void ParseCpuName_Arm64_IsItsNumbers() =>
        Assert.Equal(
            "0x41 0xd0c 0x3 1",
            MachineFacts.ParseCpuName([
                "CPU implementer\t: 0x41",
                "CPU variant\t: 0x3",
                "CPU part\t: 0xd0c",
                "CPU revision\t: 1",
            ])
        );

    [Fact]
    public void ParseCpuName_SaysNothing_IsUnknown() => Assert.Equal("unknown", MachineFacts.ParseCpuName(["bogus"]));

    [Fact]
    public void ForOutputs_IsThePartThatOtherMachinesShare()
    {
        var times = MachineFacts.ForTimes();

        Assert.All(MachineFacts.ForOutputs(), fact => Assert.Equal(fact.Value, times[fact.Key]));
        Assert.DoesNotContain("cpu", MachineFacts.ForOutputs().Keys);
    }
}
