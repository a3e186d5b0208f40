using Larder.Transfer;

namespace Larder.Tests;

/// <summary>Keeps what it is told, at once and on the thread that tells it.</summary>
internal sealed class RecordingProgress : IProgress<TransferProgress>
{
    public List<TransferProgress> Reports { get; } = [];

    public void Report(TransferProgress value) => Reports.Add(value);
}
