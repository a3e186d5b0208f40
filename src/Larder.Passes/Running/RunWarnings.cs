using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Larder.Passes.Running;

/// <summary>What did not go as it should in a run whose result is right.</summary>
internal sealed class RunWarnings(ILogger logger)
{
    private readonly ConcurrentQueue<string> _warnings = new();

    public IReadOnlyList<string> All => [.. _warnings];

    public void Add(string warning)
    {
        logger.RunWarned(warning);
        _warnings.Enqueue(warning);
    }
}
