namespace Larder.Graphs;

/// <summary>An amount of memory on one device.</summary>
/// <param name="Device">The name of the device, as <see cref="GraphDevice"/> has them.</param>
/// <param name="Bytes">The amount in bytes; 0 for what lies there and has no size that matters.</param>
public readonly record struct DeviceBytes(string Device, long Bytes);
