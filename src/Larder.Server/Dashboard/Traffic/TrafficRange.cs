namespace Larder.Server.Dashboard.Traffic;

/// <summary>How far back the page looks, and how finely.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Step">What one bar stands for.</param>
/// <param name="Bars">How many there are.</param>
internal sealed record TrafficRange(string Name, string Title, TimeSpan Step, int Bars)
{
    public static readonly TrafficRange Hour = new("1h", "the last hour", TimeSpan.FromMinutes(1), 60);
    public static readonly TrafficRange Day = new("24h", "the last 24 hours", TimeSpan.FromMinutes(30), 48);

    public static IReadOnlyList<TrafficRange> All { get; } = [Hour, Day];
}
