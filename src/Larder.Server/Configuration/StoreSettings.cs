using System.Globalization;
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
        options.CapacityBytes = store.Bytes("capacity");
        if (options.CapacityBytes == 0)
            store.Fault("capacity", "is 0; leave it out for no limit but the disk.");
        options.KeepFreeBytes = store.Bytes("keep_free") ?? 0;
        options.HighWater = store.Share("high_water", options.HighWater);
        options.LowWater = store.Share("low_water", options.LowWater);
        if (options.LowWater > options.HighWater)
            store.Fault(
                "low_water",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"is {options.LowWater}, above high_water, {options.HighWater}; the store is emptied from high_water down to low_water."
                )
            );
        options.Policy = store.Choice("policy", ModelCacheOptions.Policies, options.Policy);
        if (store.Text("lower") is { Length: > 0 } lower)
            options.LowerStorePath = lower;
        store.FindUnknown();

        options.Connections = transfer.Whole("connections", options.Connections, least: 0);
        options.BytesPerSecond = transfer.Bytes("bytes_per_second") ?? options.BytesPerSecond;
        options.LeastBytesPerSecond = transfer.Bytes("least_bytes_per_second") ?? options.LeastBytesPerSecond;
        options.Retries = transfer.Whole("retries", options.Retries, least: 0);
        transfer.FindUnknown();
        return options;
    }
}
