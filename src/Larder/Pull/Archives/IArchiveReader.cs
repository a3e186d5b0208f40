namespace Larder.Pull.Archives;

/// <summary>Reads the entries of an archive one after another.</summary>
internal interface IArchiveReader : IDisposable
{
    /// <summary>How much there is to read, in whatever measure <see cref="Done"/> has.</summary>
    long Total { get; }

    /// <summary>How much was read.</summary>
    long Done { get; }

    /// <summary>The next entry; null at the end, which is known to be one. What was not read of the entry before is skipped.</summary>
    /// <exception cref="ArchiveException">It is damaged, or lists more than is allowed.</exception>
    ArchiveEntry? Next();
}
