using System.Diagnostics;

namespace Larder.Tests;

/// <summary>The one attribute of a file that even root obeys.</summary>
internal static class Immutable
{
    /// <summary>Sets or clears it with chattr; false where that is not to be had.</summary>
    public static bool TrySet(string path, bool isImmutable)
    {
        try
        {
            var start = new ProcessStartInfo("chattr", [isImmutable ? "+i" : "-i", path])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
