using Larder.Store.Scrub;

namespace Larder.Server.Configuration;

/// <summary>How the server scrubs, in the section <c>store</c>.</summary>
internal static class ScrubSettings
{
    public static ScrubOptions Read(SettingReader store)
    {
        var options = new ScrubOptions();
        return new ScrubOptions
        {
            BytesPerSecond = store.Bytes("scrub_bytes_per_second") ?? options.BytesPerSecond,
            Pause = store.Duration("scrub_pause", options.Pause),
        };
    }
}
