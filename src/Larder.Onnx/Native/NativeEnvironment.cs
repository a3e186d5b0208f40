using System.Runtime.InteropServices;

namespace Larder.Onnx.Native;

/// <summary>The variables that native code sees. .NET keeps a copy of its own on Unix and changes only that.</summary>
internal static partial class NativeEnvironment
{
    public static void Set(string name, string value)
    {
        if (SetVariable(name, value, overwrite: 1) != 0)
            throw new InvalidOperationException($"The environment of this process has no room for {name}.");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
