namespace Larder.Graphs.Pressure;

/// <summary>Tells how much of the memory that the process may use is in use.</summary>
internal interface IMemoryGauge
{
    MemoryMeasure Measure();
}
