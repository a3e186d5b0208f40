using System.Diagnostics;

namespace Larder.Server.Tests.Fuzzing;

/// <summary>What this process holds, after what is garbage has been collected.</summary>
/// <param name="Handles">Open files and sockets.</param>
/// <param name="Threads">Threads.</param>
/// <param name="ManagedBytes">Memory of objects.</param>
/// <param name="ResidentBytes">Memory as the kernel sees it.</param>
internal sealed record ProcessSize(int Handles, int Threads, long ManagedBytes, long ResidentBytes)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    /// <summary>Looks now.</summary>
    public static ProcessSize Measure()
    {
        using var process = Process.GetCurrentProcess();
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        return new ProcessSize(
            Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(),
            process.Threads.Count,
            managed,
            process.WorkingSet64
        );
    }

    /// <summary>Looks until it is no larger than allowed, for a while: connections are closed by somebody else.</summary>
    public static async Task<ProcessSize> MeasureAsync(ProcessSize allowed)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var size = Measure();
            if (size.IsWithin(allowed) || Stopwatch.GetElapsedTime(start) > Settling)
                return size;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Whether nothing of it is more.</summary>
    public bool IsWithin(ProcessSize allowed) =>
        Handles <= allowed.Handles
        && Threads <= allowed.Threads
        && ManagedBytes <= allowed.ManagedBytes
        && ResidentBytes <= allowed.ResidentBytes;

    /// <summary>As much more as given.</summary>
    public ProcessSize Plus(int handles, int threads, long managedBytes, long residentBytes) =>
        new(Handles + handles, Threads + threads, ManagedBytes + managedBytes, ResidentBytes + residentBytes);
}
