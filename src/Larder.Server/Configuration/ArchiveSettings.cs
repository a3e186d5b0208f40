using Larder.Pull.Archives;

namespace Larder.Server.Configuration;

/// <summary>The section <c>archives</c>: what an archive may unpack to.</summary>
internal static class ArchiveSettings
{
    public static ArchiveLimits Read(SettingReader archives)
    {
        var limits = new ArchiveLimits();
        var most = archives.Bytes("max_bytes");
        if (most == 0)
            archives.Fault("max_bytes", "is 0; an archive has bytes. Leave it out for the default.");
        limits = limits with
        {
            MaxBytes = most is > 0 ? most.Value : limits.MaxBytes,
            MaxEntries = archives.Whole("max_entries", limits.MaxEntries, least: 1),
            MaxRatio = archives.Whole("max_ratio", limits.MaxRatio, least: 1),
            MaxDepth = archives.Whole("max_depth", limits.MaxDepth, least: 1),
        };
        archives.FindUnknown();
        return limits;
    }
}
