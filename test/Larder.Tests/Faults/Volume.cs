using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Larder.TestKit;
using Microsoft.Win32.SafeHandles;

namespace Larder.Tests.Faults;

/// <summary>A file system of a test's own: unmounted, detached and removed when the test ends, however it ends.</summary>
internal sealed class Volume : IDisposable
{
    // FS_IOC_SHUTDOWN, and not to write the journal before: what was not synced is lost.
    private const ulong Shutdown = 0x8004587D;
    private const uint NoLogFlush = 2;

    private readonly TempDirectory _directory;
    private readonly string[] _source;
    private bool _isMounted;

    private Volume(TempDirectory directory, string path, params string[] source)
    {
        _directory = directory;
        _source = source;
        Path = path;
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Skips the test unless this machine is there to be mounted on.</summary>
    public static void SkipUnlessAllowed()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("CI") == "true"
                || Environment.GetEnvironmentVariable("LARDER_ALLOW_MOUNTS") == "1",
            "it mounts file systems: set LARDER_ALLOW_MOUNTS=1 where they are welcome"
        );
        Assert.SkipUnless(Environment.UserName == "root", "only root may mount file systems");
    }

    /// <summary>A file system in memory, mounted.</summary>
    /// <param name="options">Such as <c>size=8m</c>.</param>
    public static Volume InMemory(string options)
    {
        var directory = new TempDirectory();
        return Mounted(new Volume(directory, MountPoint(directory), "-t", "tmpfs", "-o", options, "larder-test"));
    }

    /// <summary>An empty directory that hides another, mounted.</summary>
    public static Volume Over(string path)
    {
        var directory = new TempDirectory();
        return Mounted(new Volume(directory, path, "--bind", MountPoint(directory)));
    }

    /// <summary>A file system on a loop device, not mounted yet.</summary>
    public static Volume InFile(string type, int mebibytes)
    {
        var directory = new TempDirectory();
        try
        {
            var image = directory["image"];
            using (var file = File.Create(image))
                file.SetLength((long)mebibytes << 20);
            Run($"mkfs.{type}", "-q", image);
            // The loop device goes with the mount.
            return new Volume(directory, MountPoint(directory), "-o", "loop", image);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    public void Mount()
    {
        Run("mount", [.. _source, Path]);
        _isMounted = true;
    }

    /// <summary>Mounts it with other options where it is.</summary>
    public void Remount(string options) => Run("mount", "-o", $"remount,{options}", Path);

    public void Unmount()
    {
        Run("umount", Path);
        _isMounted = false;
    }

    /// <summary>Cuts the power: from now on all calls fail, and what is not on the device never comes there.</summary>
    public void CutPower()
    {
        using var anyFile = File.OpenHandle(
            System.IO.Path.Combine(Path, "switch"),
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite
        );
        var flag = NoLogFlush;
        if (ioctl(anyFile, Shutdown, ref flag) != 0)
            throw new IOException($"The power of '{Path}' was not cut: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    public void Dispose()
    {
        // Lazily: a host that a failed test left may have a file open for another moment.
        if (_isMounted)
            Run("umount", "--lazy", Path);
        _directory.Dispose();
    }

    private static string MountPoint(TempDirectory directory) =>
        Directory.CreateDirectory(directory["volume"]).FullName;

    private static Volume Mounted(Volume volume)
    {
        try
        {
            volume.Mount();
            return volume;
        }
        catch
        {
            volume.Dispose();
            throw;
        }
    }

    private static void Run(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardError = true };
        // Where Debian has them; not on everybody's path.
        start.Environment["PATH"] += ":/usr/sbin:/sbin";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error}"
                )
            );
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ioctl(SafeFileHandle file, ulong request, ref uint argument);
}
