using System.Formats.Tar;
using Larder.Store;

namespace Larder.Tests.Baking;

/// <summary>Entries of a tar.</summary>
internal static class TarEntries
{
    public static TarEntry File(string name, byte[] bytes) =>
        new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = new MemoryStream(bytes),
            ModificationTime = StoreLayout.BlobTime,
        };

    public static TarEntry Directory(string name) => new PaxTarEntry(TarEntryType.Directory, name);

    public static TarEntry Link(string name, string target) =>
        new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target };

    public static TarEntry HardLink(string name, string target) =>
        new PaxTarEntry(TarEntryType.HardLink, name) { LinkName = target };

    /// <summary>What removes a name of the layers below.</summary>
    public static TarEntry Whiteout(string name)
    {
        var slash = name.LastIndexOf('/') + 1;
        return File($"{name[..slash]}.wh.{name[slash..]}", []);
    }

    /// <summary>What removes all that the layers below have in a directory.</summary>
    public static TarEntry Opaque(string directory) => File($"{directory}/.wh..wh..opq", []);
}
