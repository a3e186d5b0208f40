using Larder.Content;
using Larder.Pull;

namespace Larder.Onnx.Serving;

/// <summary>What a request came to the last time, and for how long that may answer it again without a look at the disk.</summary>
/// <param name="Graph">The key of the loaded model.</param>
/// <param name="Model">What it is.</param>
/// <param name="Check">When its version was last found to be the present one.</param>
internal sealed record ResolvedModel(EntryKey Graph, OnnxModelDescription Model, PullCheck Check);
