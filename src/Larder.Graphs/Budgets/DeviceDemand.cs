namespace Larder.Graphs.Budgets;

/// <summary>An amount of room on one device.</summary>
internal readonly record struct DeviceDemand(int Graphs, long Bytes);
