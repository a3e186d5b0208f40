namespace Larder.Onnx.Native;

/// <summary>Carries a token's cancellation into one run.</summary>
/// <remarks>
/// Options of its own for each run: the flag that ends a run stays set, and would end every other run with the same
/// options.
/// </remarks>
internal sealed unsafe class RunCancellation : IDisposable
{
    private readonly OrtApi _api;
    private readonly OrtHandle _options;
    private readonly CancellationTokenRegistration _registration;
    private volatile bool _cancelled;

    public RunCancellation(OrtApi api, CancellationToken cancellationToken)
    {
        _api = api;
        nint options;
        api.Check(api.CreateRunOptions(&options), "Preparing a run");
        _options = new OrtHandle(options, api.RunOptionsReleaser);
        _registration = cancellationToken.UnsafeRegister(static state => ((RunCancellation)state!).Cancel(), this);
    }

    public nint RunOptions => _options.Value;

    public bool IsCancelled => _cancelled;

    public void Dispose()
    {
        // Waits for a cancellation that is under way, so that the options are not released beneath it.
        _registration.Dispose();
        _options.Dispose();
    }

    private void Cancel()
    {
        // First the flag: the run may end, and ask for it, before the next line has returned.
        _cancelled = true;
        var status = _api.RunOptionsSetTerminate(_options.Value);
        if (status != 0)
            _api.ReleaseStatus(status);
    }
}
