using Larder.Transfer;

namespace Larder.Tests.Transfer;

/// <summary>Keeps what a transfer reports, whoever reports it.</summary>
internal sealed class Reports(List<TransferProgress> reports) : IProgress<TransferProgress>
{
    public void Report(TransferProgress value)
    {
        lock (reports)
            reports.Add(value);
    }
}
