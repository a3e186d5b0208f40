namespace Larder.Onnx.Native;

/// <summary>The runtime of this process: its functions, its one environment and what all sessions share.</summary>
/// <remarks>
/// Started once and never released: every session needs the environment until its own release, and a process that ends
/// without releasing anything ends cleanly.
/// </remarks>
internal sealed unsafe class OrtRuntime
{
    // Errors come as statuses with their text, so nothing below "fatal" needs to reach the program's standard error.
    private const int SeverityFatal = 4;

    private static readonly Lock Starting = new();

    // Under Starting. Set once.
    private static OrtRuntime? Started;
    private static string? StartedFrom;

    private OrtRuntime(OrtApi api)
    {
        Api = api;
        nint handle;
        fixed (byte* logId = "larder\0"u8)
            api.Check(api.CreateEnv(SeverityFatal, logId, &handle), "Starting ONNX Runtime");
        Environment = handle;
        api.Check(api.GetAllocatorWithDefaultOptions(&handle), "Starting ONNX Runtime");
        Allocator = handle;
        api.Check(api.CreateCpuMemoryInfo(allocatorType: 0, memoryType: 0, &handle), "Starting ONNX Runtime");
        CpuMemory = handle;
    }

    public OrtApi Api { get; }

    public nint Environment { get; }

    /// <summary>The allocator of names and of tensors of strings.</summary>
    public nint Allocator { get; }

    /// <summary>Says of a tensor that its data is in ordinary memory.</summary>
    public nint CpuMemory { get; }

    /// <summary>
    /// Gives the runtime of this process, and starts it the first time. A failed start may be tried again.
    /// </summary>
    /// <param name="named">The library to load; null for the usual places.</param>
    public static OrtRuntime Get(string? named)
    {
        named = FullPath(named);
        // Held during the load, against the rule of short locks: who else wants the runtime can do nothing before.
        lock (Starting)
        {
            if (Started is null)
            {
                StartedFrom = named ?? FullPath(System.Environment.GetEnvironmentVariable(OrtLibrary.Variable));
                Started = Start(StartedFrom, telemetry: false);
            }
            else if (named is not null && named != StartedFrom)
            {
                throw new InvalidOperationException(
                    $"This process runs ONNX Runtime from '{StartedFrom ?? "the usual places"}', not from '{named}'."
                );
            }
            return Started;
        }
    }

    /// <summary>Starts the runtime, with its telemetry off.</summary>
    /// <param name="named">The library to load; null for the usual places.</param>
    /// <param name="telemetry">True only in the test that shows what telemetry would do.</param>
    internal static OrtRuntime Start(string? named, bool telemetry)
    {
        // Before the library is loaded, and in the native environment: the runtime reads it there, when it starts.
        if (!telemetry)
            NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1");
        return new OrtRuntime(OrtLibrary.Load(named, AppContext.BaseDirectory, OrtLibrary.PackageDirectories()));
    }

    private static string? FullPath(string? path) => string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path);
}
