namespace Larder.Graphs.Pressure;

/// <summary>The memory of the process and of the container that it runs in, whichever is fuller.</summary>
internal sealed class MachineMemory(string root = "/") : IMemoryGauge
{
    private readonly CgroupMemory _cgroup = new(root);
    private long _number;

    public MemoryMeasure Measure()
    {
        var collection = GC.GetGCMemoryInfo(GCKind.Any);
        var process =
            collection.TotalAvailableMemoryBytes > 0
                ? (double)collection.MemoryLoadBytes / collection.TotalAvailableMemoryBytes
                : 0;
        // The collector's numbers are those of its last collection, the cgroup's are of now.
        return _cgroup.TryMeasure(out var container) && container >= process
            ? new(container, --_number)
            : new(process, collection.Index);
    }
}
