using System.Runtime.InteropServices;

namespace Larder.Onnx.Native;

/// <summary>One object of the runtime, with the function that releases it.</summary>
/// <remarks>
/// The library is never unloaded and the environment never released, so a finaliser may come as late as it likes.
/// </remarks>
internal sealed unsafe class OrtHandle : SafeHandle
{
    private readonly delegate* unmanaged[Cdecl]<nint, void> _release;

    public OrtHandle(nint value, delegate* unmanaged[Cdecl]<nint, void> release)
        : base(0, ownsHandle: true)
    {
        _release = release;
        SetHandle(value);
    }

    public override bool IsInvalid => handle == 0;

    public nint Value => handle;

    protected override bool ReleaseHandle()
    {
        _release(handle);
        return true;
    }
}
