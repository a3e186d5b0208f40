using Larder.Graphs;

namespace Larder.Cli.Tests.Page;

/// <summary>What a reader of the page wants loaded when his host starts.</summary>
/// <param name="Requests">It.</param>
internal sealed record MyModels(IReadOnlyList<GraphRequest> Requests);
