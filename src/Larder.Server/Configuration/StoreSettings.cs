using Larder.Store;

namespace Larder.Server.Configuration;

/// <summary>The sections <c>store</c> and <c>transfer</c>.</summary>
internal static class StoreSettings
{
    public static ModelCacheOptions Read(SettingReader store, SettingReader transfer)
    {
        var options = new ModelCacheOptions();
        if (store.Text("path") is { Length: > 0 } path)
            options.StorePath = path;
        options.Materialize = store.Choice("materialize", MaterializeMode.Auto);
        store.NotYet("capacity", "keep_free", "high_water", "low_water", "policy", "lower");
        store.FindUnknown();

        // 0 leaves the number to Larder.
        if (transfer.Whole("connections", 0, least: 0) is > 0 and var connections)
            options.Connections = connections;
        transfer.NotYet("bytes_per_second");
        transfer.FindUnknown();
        return options;
    }
}
