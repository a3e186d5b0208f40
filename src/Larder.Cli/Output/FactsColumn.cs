using System.Collections.Concurrent;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Larder.Cli.Output;

/// <summary>What stands behind a bar.</summary>
/// <param name="facts">It, by the bar's number.</param>
internal sealed class FactsColumn(ConcurrentDictionary<int, string> facts) : ProgressColumn
{
    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(facts.GetValueOrDefault(task.Id, ""));
}
