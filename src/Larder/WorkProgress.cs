namespace Larder;

/// <summary>How far a work is that is counted in things and not in bytes; for those see <see cref="Transfer.TransferProgress"/>.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Done">How many are done in this stage.</param>
/// <param name="Total">How many there are in this stage; null where nobody knows before its end.</param>
public readonly record struct WorkProgress(WorkStage Stage, long Done, long? Total);
