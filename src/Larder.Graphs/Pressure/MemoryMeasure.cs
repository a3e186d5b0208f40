namespace Larder.Graphs.Pressure;

/// <summary>One measurement of memory.</summary>
/// <param name="Load">The part that is in use, 0 to 1.</param>
/// <param name="Number">Another for each measurement; the same while the source has nothing new to tell.</param>
internal readonly record struct MemoryMeasure(double Load, long Number);
