using System.Runtime.InteropServices;

namespace Larder.TestHost;

/// <summary>Makes flock succeed and do nothing in this process, as it does on some network file systems.</summary>
internal static class LyingLocks
{
    /// <summary>The environment variable that asks for it.</summary>
    public const string Variable = "LARDER_TEST_LYING_LOCKS";

    /// <summary>The exit code when this system does not let a process do that to itself.</summary>
    public const int NotToBeHad = 77;

    private const int PR_SET_NO_NEW_PRIVS = 38;
    private const nint SECCOMP_SET_MODE_FILTER = 1;
    private const nint SECCOMP_FILTER_FLAG_TSYNC = 1;

    /// <summary>Has the kernel answer 0 to every flock of every thread without doing it.</summary>
    public static bool TryInstall()
    {
        var (seccomp, flock) = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? (317, 73u) : (277, 32u);
        Instruction[] filter =
        [
            new(Code: 0x20, IfTrue: 0, IfFalse: 0, Operand: 0), // load the number of the call
            new(Code: 0x15, IfTrue: 0, IfFalse: 1, Operand: flock),
            new(Code: 0x06, IfTrue: 0, IfFalse: 0, Operand: 0x00050000), // return with the errno 0
            new(Code: 0x06, IfTrue: 0, IfFalse: 0, Operand: 0x7fff0000), // go on
        ];
        var pinned = GCHandle.Alloc(filter, GCHandleType.Pinned);
        try
        {
            var program = new Filter((ushort)filter.Length, pinned.AddrOfPinnedObject());
            return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
                && syscall(seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, in program) == 0;
        }
        finally
        {
            pinned.Free();
        }
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int prctl(int option, nint first, nint second, nint third, nint fourth);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint syscall(nint number, nint operation, nint flags, in Filter filter);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Filter(ushort Length, nint Instructions);
}
