namespace Larder.Pull.Archives;

/// <summary>The kinds of archives that are unpacked.</summary>
internal enum ArchiveFormat
{
    Zip,
    Tar,
    TarGzip,
}
