using System.Globalization;
using Larder.Content;

namespace Larder.Graphs;

/// <summary>A graph, or a set of graphs that are needed at once, is more than the limits allow even in an empty cache.</summary>
/// <remarks>Waiting would not help; with less than all of it in use there may be room, <see cref="GraphRoomException"/>.</remarks>
public sealed class GraphTooLargeException : LarderException
{
    internal GraphTooLargeException(EntryKey key, string? device, bool isBytes, long limit, long actual)
        : base(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Graph {KeyText.Of(key)}, with what it is rented with and made of, never fits: it takes {actual:N0} {(isBytes ? "bytes" : "graphs")}{(device is null ? "" : $" on {device}")}, of which at most {limit:N0} are allowed. Raise {Setting(device, isBytes)}, or rent less at once."
            )
        )
    {
        Key = key;
        Device = device;
        Limit = limit;
        Actual = actual;
    }

    /// <summary>The key of the graph, the first of those that were wanted at once.</summary>
    public EntryKey Key { get; }

    /// <summary>The device whose limit it is above; null where it is the number of graphs in all.</summary>
    public string? Device { get; }

    /// <summary>The limit, in bytes or graphs.</summary>
    public long Limit { get; }

    /// <summary>What would be needed, likewise.</summary>
    public long Actual { get; }

    private static string Setting(string? device, bool isBytes) =>
        device switch
        {
            null => "MaxGraphs",
            GraphDevice.Host when isBytes => "MaxBytes",
            _ => $"{(isBytes ? "MaxBytes" : "MaxGraphs")} of Devices[\"{device}\"]",
        };
}
