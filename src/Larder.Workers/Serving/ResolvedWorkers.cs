using Larder.Content;
using Larder.Pull;

namespace Larder.Workers.Serving;

/// <summary>What a request came to the last time, and for how long that may answer it again without a look at the disk.</summary>
/// <param name="Graph">The key of its workers.</param>
/// <param name="Model">What they told.</param>
/// <param name="Check">When its version was last found to be the present one.</param>
internal sealed record ResolvedWorkers(EntryKey Graph, WorkerModelDescription Model, PullCheck Check);
