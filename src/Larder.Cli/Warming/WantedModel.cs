using Larder.Origins;
using Larder.Pull;

namespace Larder.Cli.Warming;

/// <summary>One model of a list that is to be warmed.</summary>
/// <param name="Name">As the list has it: an id of the configuration, or a reference.</param>
/// <param name="Id">The id; null where the list has a reference.</param>
/// <param name="Reference">Where its files come from; null for an id that only a server knows.</param>
/// <param name="Pull">How they are pulled.</param>
internal sealed record WantedModel(string Name, string? Id, ModelReference? Reference, PullOptions Pull);
