using System.Collections.Immutable;

namespace Larder.Graphs;

/// <summary>The memory that a graph takes, on each device that it lies on.</summary>
/// <remarks>Immutable. The first device is where the graph is disposed: each has a queue of its own for that.</remarks>
public sealed class GraphSize
{
    /// <summary>The most bytes that a size can have on a device, 1 PiB: sums of them then stay what they are.</summary>
    public const long MaxBytes = 1L << 50;

    private GraphSize(ImmutableArray<DeviceBytes> devices) => Devices = devices;

    /// <summary>The size of what nobody has measured: on the host, with no bytes.</summary>
    public static GraphSize Unknown { get; } = OfHost(0);

    /// <summary>The devices, the first one given first; each has one entry.</summary>
    public IReadOnlyList<DeviceBytes> Devices { get; }

    /// <summary>The bytes on all devices together.</summary>
    public long TotalBytes => Devices.Sum(part => part.Bytes);

    /// <summary>A size in the memory of the machine.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bytes are negative, or more than <see cref="MaxBytes"/>.</exception>
    public static GraphSize OfHost(long bytes) => On(GraphDevice.Host, bytes);

    /// <summary>A size on one device.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bytes are negative, or more than <see cref="MaxBytes"/>.</exception>
    public static GraphSize On(string device, long bytes) => new([Checked(device, bytes)]);

    /// <summary>This size, and so many bytes more on a device.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bytes are negative, or more than <see cref="MaxBytes"/>.</exception>
    public GraphSize And(string device, long bytes)
    {
        var added = Checked(device, bytes);
        var devices = Devices.ToImmutableArray();
        for (var i = 0; i < devices.Length; i++)
        {
            if (string.Equals(devices[i].Device, device, StringComparison.Ordinal))
                return new(devices.SetItem(i, Checked(device, devices[i].Bytes + bytes)));
        }
        return new(devices.Add(added));
    }

    /// <summary>The bytes on a device; 0 where it does not lie.</summary>
    public long BytesOn(string device)
    {
        foreach (var part in Devices)
        {
            if (string.Equals(part.Device, device, StringComparison.Ordinal))
                return part.Bytes;
        }
        return 0;
    }

    /// <summary>Whether it lies on a device, with any number of bytes.</summary>
    internal bool LiesOn(string device) =>
        Devices.Any(part => string.Equals(part.Device, device, StringComparison.Ordinal));

    /// <summary>The size as text, <c>1000 bytes on host, 50 bytes on gpu0</c>.</summary>
    public override string ToString() =>
        string.Join(", ", Devices.Select(part => $"{part.Bytes} bytes on {part.Device}"));

    private static DeviceBytes Checked(string device, long bytes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(device);
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, MaxBytes);
        return new(device, bytes);
    }
}
