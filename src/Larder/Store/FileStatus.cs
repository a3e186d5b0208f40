using System.Runtime.InteropServices;

namespace Larder.Store;

/// <summary>What the system tells of a file without reading it.</summary>
internal readonly record struct FileStatus
{
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int DirectoryType = 0x4000;
    private const int SymbolicLink = 0xA000;

    private readonly ushort _mode;

    internal FileStatus(ref readonly Raw raw)
    {
        _mode = raw.Mode;
        SizeBytes = (long)raw.Size;
        ModifiedNanoseconds = raw.Modified.Nanoseconds;
        ChangedNanoseconds = raw.Changed.Nanoseconds;
        Links = raw.Links;
        Inode = raw.Inode;
        Device = ((ulong)raw.DeviceMajor << 32) | raw.DeviceMinor;
        AllocatedBytes = (long)raw.Blocks * 512;
    }

    /// <summary>Length in bytes.</summary>
    public long SizeBytes { get; }

    /// <summary>Bytes that the file takes on its device.</summary>
    public long AllocatedBytes { get; }

    /// <summary>Time of the last write, in nanoseconds since 1970.</summary>
    public long ModifiedNanoseconds { get; }

    /// <summary>Time of the last change of bytes or metadata, in nanoseconds since 1970; no call can set it back.</summary>
    public long ChangedNanoseconds { get; }

    /// <summary>How many names the file has; zero once it is unlinked.</summary>
    public uint Links { get; }

    /// <summary>The file's number on its device.</summary>
    public ulong Inode { get; }

    /// <summary>The device.</summary>
    public ulong Device { get; }

    /// <summary>Whether it is a plain file.</summary>
    public bool IsFile => (_mode & TypeMask) == RegularFile;

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => (_mode & TypeMask) == DirectoryType;

    /// <summary>Whether it is a symbolic link (only when links were not followed).</summary>
    public bool IsLink => (_mode & TypeMask) == SymbolicLink;

    /// <summary>Whether both are one and the same file on disk.</summary>
    public bool IsSameFile(in FileStatus other) => Inode == other.Inode && Device == other.Device;

    /// <summary>struct statx of Linux, the same on every architecture; 256 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct Raw
    {
        [FieldOffset(0x10)]
        public uint Links;

        [FieldOffset(0x1c)]
        public ushort Mode;

        [FieldOffset(0x20)]
        public ulong Inode;

        [FieldOffset(0x28)]
        public ulong Size;

        [FieldOffset(0x30)]
        public ulong Blocks;

        [FieldOffset(0x60)]
        public Timestamp Changed;

        [FieldOffset(0x70)]
        public Timestamp Modified;

        [FieldOffset(0x88)]
        public uint DeviceMajor;

        [FieldOffset(0x8c)]
        public uint DeviceMinor;
    }

    [StructLayout(LayoutKind.Explicit, Size = 16)]
    internal struct Timestamp
    {
        [FieldOffset(0)]
        public long Seconds;

        [FieldOffset(8)]
        public uint Fraction;

        public readonly long Nanoseconds => (Seconds * 1_000_000_000) + Fraction;
    }
}
