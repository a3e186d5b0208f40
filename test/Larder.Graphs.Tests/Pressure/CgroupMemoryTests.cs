using Larder.Graphs.Pressure;

namespace Larder.Graphs.Tests.Pressure;

public sealed class CgroupMemoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("larder-cgroup").FullName;

    [Fact]
    public void TryMeasure_VersionTwo_LeavesOutFilesThatNobodyTouched()
    {
        Write("proc/self/cgroup", "0::/app\n");
        Write("sys/fs/cgroup/app/memory.max", "1000\n");
        Write("sys/fs/cgroup/app/memory.current", "900\n");
        Write("sys/fs/cgroup/app/memory.stat", "anon 500\ninactive_file 300\nactive_file 100\n");

        Assert.Equal(0.6, Measure());
    }

    [Fact]
    public void TryMeasure_InAContainer_FindsTheFilesAtTheMount()
    {
        Write("proc/self/cgroup", "0::/../elsewhere/pod42\n");
        Write("sys/fs/cgroup/memory.max", "1000\n");
        Write("sys/fs/cgroup/memory.current", "250\n");

        Assert.Equal(0.25, Measure());
    }

    [Fact]
    public void TryMeasure_ParentGroupHasTheNearerLimit_TellsOfThat()
    {
        Write("proc/self/cgroup", "0::/slice/app\n");
        Write("sys/fs/cgroup/slice/memory.max", "1000\n");
        Write("sys/fs/cgroup/slice/memory.current", "950\n");
        Write("sys/fs/cgroup/slice/app/memory.max", "1000\n");
        Write("sys/fs/cgroup/slice/app/memory.current", "100\n");

        Assert.Equal(0.95, Measure());
    }

    [Fact]
    public void TryMeasure_VersionOne_ReadsItsNames()
    {
        Write("proc/self/cgroup", "11:cpu,cpuacct:/a\n9:memory:/app\n");
        Write("sys/fs/cgroup/memory/app/memory.limit_in_bytes", "2000\n");
        Write("sys/fs/cgroup/memory/app/memory.usage_in_bytes", "1500\n");
        Write("sys/fs/cgroup/memory/app/memory.stat", "inactive_file 1\ntotal_inactive_file 500\n");

        Assert.Equal(0.5, Measure());
    }

    [Theory]
    [InlineData("max\n")]
    [InlineData("9223372036854771712\n")]
    public void TryMeasure_NoLimit_HasNothingToTell(string limit)
    {
        Write("proc/self/cgroup", "0::/\n");
        Write("sys/fs/cgroup/memory.max", limit);
        Write("sys/fs/cgroup/memory.current", "250\n");

        Assert.Null(Measure());
    }

    [Fact]
    public void TryMeasure_NoLinux_HasNothingToTell()
    {
        Assert.Null(Measure());
    }

    [Fact]
    public void Measure_ThisMachine_IsAPart()
    {
        GC.Collect();

        Assert.InRange(new MachineMemory().Measure().Load, 0.0001, 1.5);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private double? Measure() => new CgroupMemory(_root).TryMeasure(out var load) ? load : null;

    private void Write(string name, string text)
    {
        var path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
